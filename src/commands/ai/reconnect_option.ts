import { parseDuration } from "../duration.ts";

/** For how long a lost connection is dialled again, as arguments of Cliffy's `option`. */
export const RECONNECT_TIMEOUT = [
  "--reconnect-timeout <time:string>",
  "Dial a lost connection again for so long, such as 90s or 10m (the default); 0 for never",
] as const;

/**
 * Reads the value of --reconnect-timeout.
 *
 * @returns milliseconds; undefined where none was given
 * @throws {CliError} (exit 4) on one that is no length of time
 */
export function readReconnectTimeout(value: string | undefined): number | undefined {
  return value === undefined ? undefined : parseDuration("--reconnect-timeout", value);
}
