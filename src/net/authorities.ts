import type { Environment } from "../app/deps.ts";
import { describeFileFailure, messageOf, usageError } from "../app/errors.ts";

/** Variables of the runtime that hold files or names of certificate authorities. */
export const AUTHORITY_VARIABLES = ["DENO_CERT"];

const STORES = ["mozilla", "system"];

/** Certificate authorities that are trusted beside those of the stores. */
export interface AuthorityFile {
  /** Who names the file: `--ca-file`, `LC_CA_FILE` or `DENO_CERT`. */
  readonly source: string;
  readonly path: string;
  /** Its certificates. */
  readonly pem: string;
  /** How many they are. */
  readonly count: number;
}

/**
 * The files of authorities that `--ca-file`, `LC_CA_FILE` and `DENO_CERT` name: all of them hold.
 *
 * @param flag the value of `--ca-file`
 * @throws {CliError} (exit 4) on one that cannot be read or holds no certificate
 */
export function readAuthorities(env: Environment, flag: string | undefined): AuthorityFile[] {
  const named = [
    { source: "--ca-file", path: flag },
    { source: "LC_CA_FILE", path: env.get("LC_CA_FILE") || undefined },
    { source: "DENO_CERT", path: env.get("DENO_CERT") || undefined },
  ];
  return named.flatMap(({ source, path }) => path === undefined ? [] : readFile(source, path));
}

/**
 * The stores of authorities that are trusted: `mozilla`, which is part of the program, unless
 * `DENO_TLS_CA_STORE` names others. The runtime reads it by itself.
 *
 * @throws {CliError} (exit 4) on an unknown one
 */
export function authorityStores(env: Environment): readonly string[] {
  const value = env.get("DENO_TLS_CA_STORE");
  if (value === undefined) return ["mozilla"];
  const stores = value.split(",").map((store) => store.trim()).filter((store) => store !== "");
  const unknown = stores.find((store) => !STORES.includes(store));
  if (unknown !== undefined || stores.length === 0) {
    throw usageError(
      `Unknown certificate store "${unknown ?? ""}" in DENO_TLS_CA_STORE`,
      "Use mozilla, system or both: mozilla,system",
    );
  }
  return stores;
}

function readFile(source: string, path: string): AuthorityFile {
  const where = `"${path}" of ${source}`;
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    throw usageError(`Cannot read the certificates in ${where}: ${describeFileFailure(error)}`);
  }
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  const pem = blocks.join("\n");
  if (blocks.length === 0) {
    throw usageError(
      `Cannot use the certificates in ${where}: there is none in PEM form`,
      "Convert a binary one with openssl x509 -inform der -in FILE",
    );
  }
  try {
    Deno.createHttpClient({ caCerts: [pem] }).close();
  } catch (error) {
    throw usageError(`Cannot use the certificates in ${where}: ${messageOf(error)}`);
  }
  return { source, path, pem, count: blocks.length };
}
