import { didYouMean, nearNames } from "../render/near_names.ts";
import { type CliError, usageError } from "./errors.ts";

/** The error for a value that an option doesn't have, with what was probably meant. */
export function unknownValue(value: string, flag: string, known: readonly string[]): CliError {
  return usageError(
    `Invalid value "${value}" of ${flag}`,
    didYouMean(nearNames(value, known)) ?? `Use one of ${known.join(", ")}`,
  );
}
