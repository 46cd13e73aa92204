import { messageOf } from "./errors.ts";

/** Why a file could not be used, in words: what the runtime says, without its own names. */
export function describeFileFailure(error: unknown): string {
  const known = KNOWN.find(([type]) => error instanceof type);
  return known?.[1] ??
    messageOf(error).replace(/: \w+ '.*$/s, "").replace(/ \(os error \d+\)/, "");
}

const { NotCapable, NotFound, NotADirectory, IsADirectory, PermissionDenied } = Deno.errors;

const KNOWN: readonly (readonly [type: new (message?: string) => Error, words: string])[] = [
  [PermissionDenied, "permission denied"],
  // Of /dev and /proc the runtime opens little unless it is allowed everything.
  [NotCapable, "it is a device or belongs to the system, and this program may not open it"],
  [NotFound, "there is no such file or folder"],
  [NotADirectory, "a part of its path is not a folder"],
  [IsADirectory, "it is a folder"],
];
