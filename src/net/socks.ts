import { formatAddress, parseAddress } from "./ip_address.ts";
import type { Target } from "./target.ts";

/** Numbers of SOCKS 5 (RFC 1928) and of its sign-in with user and password (RFC 1929). */
export const Socks = {
  Version: 5,
  LoginVersion: 1,
  Connect: 1,
  Succeeded: 0,
  Failed: 1,
} as const;

/** How a client may show who it is. */
export const Method = { None: 0, Login: 2, NoneOfThem: 0xff } as const;

const AddressType = { IPv4: 1, Name: 3, IPv6: 4 } as const;

/** What bytes can be read from. */
export interface Source {
  readExactly(size: number): Promise<Uint8Array>;
}

/** Encodes type, address and port; a name stays one. */
export function encodeTarget({ hostname, port }: Target): number[] {
  const address = parseAddress(hostname);
  const place = address === undefined
    ? [AddressType.Name, ...counted(hostname)]
    : [address.length === 4 ? AddressType.IPv4 : AddressType.IPv6, ...address];
  return [...place, port >> 8, port & 0xff];
}

/**
 * Reads what {@linkcode encodeTarget} encodes.
 *
 * @throws {RangeError} on a type of address that there is not
 */
export async function readTarget(source: Source): Promise<Target> {
  const hostname = await readHostname(source);
  const [high = 0, low = 0] = await source.readExactly(2);
  return { hostname, port: high << 8 | low };
}

/** Encodes text behind a byte that says how long it is. */
export function counted(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  return [bytes.length, ...bytes];
}

/** Reads what {@linkcode counted} encodes. */
export async function readCounted(source: Source): Promise<string> {
  const [size = 0] = await source.readExactly(1);
  return new TextDecoder().decode(await source.readExactly(size));
}

async function readHostname(source: Source): Promise<string> {
  const [type] = await source.readExactly(1);
  switch (type) {
    case AddressType.IPv4:
      return formatAddress(await source.readExactly(4));
    case AddressType.IPv6:
      return formatAddress(await source.readExactly(16));
    case AddressType.Name:
      return await readCounted(source);
    default:
      throw new RangeError(`Unknown type of address ${type}`);
  }
}
