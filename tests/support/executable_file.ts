import { Buffer } from "node:buffer";

/** What Deno has put into an executable that it compiled, as far as tests look at it. */
export interface EmbeddedSettings {
  /** For each permission what is allowed and what is denied; an empty list means all, null none. */
  readonly permissions: Readonly<Record<string, unknown>>;
  /** Arguments that come before those of the command line. */
  readonly argv: readonly string[];
  /** Options of V8, the engine. */
  readonly v8_flags: readonly string[];
  /** What the cache of compiled code is stored under; null where there is none. */
  readonly code_cache_key: string | null;
}

/** Deno writes it before the length of the settings, which are JSON. */
const MAGIC = "d3n0l4nd";

/**
 * Reads the settings in an executable: what the program on it may do.
 *
 * @throws {Error} when it has none
 */
export async function readEmbeddedSettings(path: string): Promise<EmbeddedSettings> {
  const bytes = Buffer.from((await Deno.readFile(path)).buffer);
  for (
    let start = bytes.indexOf(MAGIC);
    start >= 0;
    start = bytes.indexOf(MAGIC, start + 1)
  ) {
    const text = start + MAGIC.length + 8;
    if (text > bytes.length || bytes.toString("latin1", text, text + 8) !== '{"argv":') continue;
    const length = Number(bytes.readBigUInt64LE(text - 8));
    return JSON.parse(bytes.toString("utf8", text, text + length));
  }
  throw new Error(`${path} was not compiled by Deno`);
}

/** Type of the section that says which versions of which libraries an ELF file needs. */
const NEEDED_VERSIONS = 0x6ffffffe;

/**
 * Reads which versions of libraries' symbols a 64-bit little-endian ELF file needs.
 *
 * @returns names such as `GLIBC_2.27` by library
 * @throws {Error} on a file of another kind
 */
export async function readNeededVersions(path: string): Promise<Map<string, string[]>> {
  const bytes = Buffer.from((await Deno.readFile(path)).buffer);
  if (bytes.toString("latin1", 0, 6) !== "\x7fELF\x02\x01") throw new Error(`${path} is no ELF`);
  const headers = Number(bytes.readBigUInt64LE(0x28));
  const [size, count] = [bytes.readUInt16LE(0x3a), bytes.readUInt16LE(0x3c)];
  const section = (index: number) => {
    const start = headers + index * size;
    return {
      type: bytes.readUInt32LE(start + 4),
      offset: Number(bytes.readBigUInt64LE(start + 0x18)),
      link: bytes.readUInt32LE(start + 0x28),
      entries: bytes.readUInt32LE(start + 0x2c),
    };
  };
  const needed = Array.from({ length: count }, (_, index) => section(index))
    .find(({ type }) => type === NEEDED_VERSIONS);
  if (needed === undefined) return new Map();
  const names = section(needed.link).offset;
  const nameAt = (offset: number) =>
    bytes.toString("latin1", names + offset, bytes.indexOf(0, names + offset));
  const versions = new Map<string, string[]>();
  let library = needed.offset;
  for (let left = needed.entries; left > 0; left--) {
    const own: string[] = [];
    let version = library + bytes.readUInt32LE(library + 8);
    for (let more = bytes.readUInt16LE(library + 2); more > 0; more--) {
      own.push(nameAt(bytes.readUInt32LE(version + 8)));
      version += bytes.readUInt32LE(version + 12);
    }
    versions.set(nameAt(bytes.readUInt32LE(library + 4)), own);
    library += bytes.readUInt32LE(library + 12);
  }
  return versions;
}
