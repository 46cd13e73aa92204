import type { ServerProcess } from "./server_process.ts";
import { type ClientResult, runClient } from "./client.ts";
import type { Row } from "./report.ts";

/** What measures are taken with. */
export interface Setting {
  /** Starts the executable. */
  readonly program: readonly string[];
  /** Starts the Python CLI, where there is one. */
  readonly peer: readonly string[] | undefined;
  readonly server: ServerProcess;
  /** Signs both in on the server, with a home of their own. */
  readonly env: Readonly<Record<string, string>>;
}

/** One of the measures of docs/performance.md. */
export interface Measure {
  readonly name: string;
  take(setting: Setting): Promise<Row[]>;
}

/**
 * Runs a client to its end.
 *
 * @throws {Error} where it fails, or prints fewer lines than it has to
 */
export async function run(
  { env }: Setting,
  command: readonly string[],
  { lines, watchMemory = false }: { readonly lines: number; readonly watchMemory?: boolean },
): Promise<ClientResult> {
  const result = await runClient({ command, env, watchMemory });
  if (result.code !== 0 || result.lines < lines) {
    throw new Error(
      `Cannot measure "${command.join(" ")}": exit ${result.code}, ${result.lines} of ${lines} ` +
        `lines: ${result.said.slice(-500)}`,
    );
  }
  return result;
}
