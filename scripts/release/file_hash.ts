/** The SHA-256 of a file, in lowercase hexadecimal digits. */
export async function sha256OfFile(path: string): Promise<string> {
  const bytes = await Deno.readFile(path);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
