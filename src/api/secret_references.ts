import { usageError } from "../app/errors.ts";
import { isObject } from "../protocol/frames.ts";

const PREFIX = "hive://secret/";

/** Whether a value stands for a secret of the organization's hive (PROTOCOL section 4). */
export function isSecretReference(value: string): boolean {
  return value.startsWith(PREFIX);
}

/**
 * The name of the secret that a reference stands for.
 *
 * @throws {CliError} (exit 4) where it names none
 */
export function secretNameOf(reference: string): string {
  const name = reference.slice(PREFIX.length);
  if (name === "") throw usageError(`The reference "${PREFIX}" names no secret`);
  return name;
}

/**
 * Replaces every text in a JSON value that is a reference, however deep it stands. Each distinct
 * reference is resolved once, and none before all of them are known to name something.
 *
 * @param resolve gives the secret for a reference
 * @throws {CliError} (exit 4) on a reference without a name, and whatever `resolve` throws for the
 * first reference that it fails on
 */
export async function resolveReferences(
  value: unknown,
  resolve: (reference: string) => Promise<string>,
): Promise<unknown> {
  const references = [...new Set(referencesIn(value))];
  for (const reference of references) secretNameOf(reference);
  const results = await Promise.allSettled(references.map(resolve));
  const secrets = new Map<string, string>();
  results.forEach((result, index) => {
    if (result.status === "rejected") throw result.reason;
    secrets.set(references[index] ?? "", result.value);
  });
  return replace(value, secrets);
}

function referencesIn(value: unknown): string[] {
  if (typeof value === "string") return isSecretReference(value) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  return isObject(value) ? Object.values(value).flatMap(referencesIn) : [];
}

function replace(value: unknown, secrets: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return secrets.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => replace(item, secrets));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, replace(item, secrets)]),
  );
}
