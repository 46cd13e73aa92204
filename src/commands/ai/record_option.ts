import type { Deps } from "../../app/deps.ts";
import type { Recording } from "../../recording/recording.ts";

/** Where the conversation is recorded, as arguments of Cliffy's `option`. */
export const RECORD = [
  "--record <file:string>",
  "Record what comes and what is sent; an existing recording is continued",
] as const;

/**
 * Opens what --record names, before anything else is done.
 *
 * @throws {CliError} (exit 4) on a file that cannot be recorded to
 */
export async function openRecord(
  path: string | undefined,
  { clock }: Deps,
): Promise<Recording | undefined> {
  if (path === undefined) return undefined;
  const { openRecording } = await import("../../recording/recording.ts");
  return await openRecording(path, clock);
}
