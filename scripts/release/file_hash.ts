import { sha256 } from "../../src/config/sha256.ts";

/** The SHA-256 of a file, in lowercase hexadecimal digits. */
export async function sha256OfFile(path: string): Promise<string> {
  return await sha256(await Deno.readFile(path));
}
