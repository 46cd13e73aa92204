import { usageError } from "../app/errors.ts";

/**
 * Any name as one segment of a URL's path, percent-encoded.
 *
 * @param what what it names, for the error
 * @throws {CliError} (exit 4) on a name that would change the path or that no URL can hold
 */
export function pathSegment(name: string, what: string): string {
  if (name === "") throw usageError(`The ${what} is empty`);
  if (name === "." || name === "..") throw invalid(what, name, "is a path");
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x1f\x7f-\x9f]/.test(name)) throw invalid(what, name, "holds control characters");
  if (!name.isWellFormed()) throw invalid(what, name, "is not Unicode text");
  return encodeURIComponent(name);
}

function invalid(what: string, value: string, why: string) {
  return usageError(`Invalid ${what} ${JSON.stringify(value)}: it ${why}`);
}
