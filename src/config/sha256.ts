/**
 * The SHA-256 of bytes, in lowercase hexadecimal digits. Not by node:crypto: Tab would wait
 * some 15 ms until that is loaded.
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
