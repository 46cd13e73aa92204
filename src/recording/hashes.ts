import { hash } from "node:crypto";

/**
 * SHA-256 of bytes, in lowercase hexadecimal digits. Not by Web Crypto, which takes a turn of the
 * event loop for each call.
 */
export function hashOfBytes(bytes: Uint8Array): string {
  return hash("sha256", bytes, "hex");
}

/**
 * SHA-256 of a tool's input: of its JSON without white space between tokens, keys in the order in
 * which they came, as UTF-8.
 */
export function hashOfInput(input: unknown): string {
  return hashOfBytes(new TextEncoder().encode(JSON.stringify(input ?? {})));
}
