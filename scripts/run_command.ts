import { DENO_DIR, ROOT } from "./deno_call.ts";

/** Nothing may take longer, in milliseconds. */
const TIME_LIMIT = 15 * 60_000;

/** Variables that would make the program, the tests or Deno behave differently from run to run. */
const UNWANTED =
  /^(?:LC_(?!DEV_|ALL$|CTYPE$)|XDG_|TMUX|RUST_|DENO_|NO_COLOR$|FORCE_COLOR$|CLICOLOR|ACCESSIBLE$)/;

// deno-lint-ignore no-control-regex
const COLORS = /\x1b\[[\d;]*m/g;

/** How a command ended. */
export interface Ended {
  readonly success: boolean;
  /** All that was printed, without colours. */
  readonly output: string;
}

/** Runs a command in the project's folder, in an environment that is the same for everybody. */
export async function runCommand(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd: ROOT,
    clearEnv: true,
    env: { ...ownEnvironment(), ...env },
    stdin: "null",
    signal: AbortSignal.timeout(TIME_LIMIT),
  }).output();
  const decoder = new TextDecoder();
  const output = `${decoder.decode(stdout)}${decoder.decode(stderr)}`.replaceAll(COLORS, "");
  return { success, output };
}

function ownEnvironment(): Record<string, string> {
  const kept = Object.entries(Deno.env.toObject()).filter(([name]) => !UNWANTED.test(name));
  return { ...Object.fromEntries(kept), DENO_DIR, DENO_NO_UPDATE_CHECK: "1" };
}
