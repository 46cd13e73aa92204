import { nearNames } from "../render/near_names.ts";

/**
 * A hint with the names that come close to one that is unknown.
 *
 * @param elsewhere the hint where none does
 */
export function nearNamesHint(
  unknown: string,
  known: Iterable<string>,
  elsewhere?: string,
): string | undefined {
  const near = nearNames(unknown, known).map((name) => `"${name}"`);
  return near.length === 0 ? elsewhere : `Did you mean ${near.join(" or ")}?`;
}
