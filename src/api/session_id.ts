import { usageError } from "../app/errors.ts";
import { pathSegment } from "./path_segment.ts";

/**
 * Checks the id of a session, before anything is asked for.
 *
 * @throws {CliError} (exit 4) on one that no session can have: an empty one, or one with slashes,
 * white space or control characters
 */
export function requireSessionId(id: string): string {
  encodeSessionId(id);
  return id;
}

/**
 * The id of a session as one segment of a URL's path, percent-encoded.
 *
 * @throws {CliError} (exit 4) as {@linkcode requireSessionId}
 */
export function encodeSessionId(id: string): string {
  const encoded = pathSegment(id, "session ID");
  if (/[/\\\s]/.test(id)) {
    throw usageError(`Invalid session ID ${JSON.stringify(id)}: it holds a slash or white space`);
  }
  return encoded;
}
