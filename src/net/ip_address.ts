/** Reads an IP address: 4 bytes or 16, in network order; undefined for anything else. */
export function parseAddress(text: string): Uint8Array | undefined {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) {
    const bytes = text.split(".").map(Number);
    return bytes.every((byte) => byte <= 255) ? new Uint8Array(bytes) : undefined;
  }
  // The URL parser knows every way to write one, and answers with groups in hexadecimal only.
  const url = `http://[${text}]`;
  if (!text.includes(":") || !URL.canParse(url)) return undefined;
  const [head = [], tail = []] = new URL(url).hostname.slice(1, -1).split("::").map((half) =>
    half.split(":").filter((group) => group !== "").map((group) => parseInt(group, 16))
  );
  const groups = [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  return new Uint8Array(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** Writes the address that 4 or 16 bytes are. */
export function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from(
    { length: 8 },
    (_, index) => (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16),
  );
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}
