import { parseAddress } from "./ip_address.ts";
import { unbracket } from "./proxy.ts";

/** One entry of NO_PROXY, as it is and as it reads. */
interface Entry {
  readonly text: string;
  readonly matches: (hostname: string, port: number) => boolean;
}

/**
 * The hosts that are reached without a proxy, as `NO_PROXY` lists them: separated by commas or
 * spaces; `*` for all; a name for itself and everything below it, with or without a leading dot;
 * an IP address, or a network in CIDR notation. A name or an address may have a port.
 *
 * These are the rules of curl, and those of Go for ports.
 */
export class NoProxy {
  /** What in the list is no host, and stands for none. */
  readonly unreadable: readonly string[];
  readonly #entries: readonly Entry[];

  constructor(list: string) {
    const texts = list.split(/[\s,]+/).filter((text) => text !== "");
    const read = texts.map((text) => ({ text, matches: parseEntry(text) }));
    this.#entries = read.filter((each): each is Entry => each.matches !== undefined);
    this.unreadable = read.filter(({ matches }) => matches === undefined).map(({ text }) => text);
  }

  /**
   * Finds the entry that a host falls under.
   *
   * @param hostname as a URL has it: in lower case, an IPv6 address in brackets
   */
  find(hostname: string, port: number): string | undefined {
    const name = unbracket(hostname).replace(/\.$/, "");
    return this.#entries.find(({ matches }) => matches(name, port))?.text;
  }
}

function parseEntry(text: string): Entry["matches"] | undefined {
  if (text === "*") return () => true;
  if (text.includes("/")) return parseNetwork(text);
  const [, host = text, port] = /^([^:]*|\[.*\]):(\d+)$/.exec(text) ?? [];
  const isPort = (other: number) => port === undefined || Number(port) === other;
  const address = parseAddress(unbracket(host));
  if (address !== undefined) {
    return (hostname, other) => isPort(other) && sharesBits(hostname, address, address.length * 8);
  }
  const name = host.toLowerCase().replace(/^\*?\./, "").replace(/\.$/, "");
  if (!/^[^:[\]*]+$/.test(name)) return undefined;
  return (hostname, other) =>
    isPort(other) && parseAddress(hostname) === undefined &&
    (hostname === name || hostname.endsWith(`.${name}`));
}

/** Reads a network such as `10.0.0.0/8` or `fd00::/8`. */
function parseNetwork(text: string): Entry["matches"] | undefined {
  const [, start = "", length] = /^(.+)\/(\d{1,3})$/.exec(text) ?? [];
  const address = parseAddress(start);
  if (address === undefined || Number(length) > address.length * 8) return undefined;
  return (hostname) => sharesBits(hostname, address, Number(length));
}

/** Whether a host is an address that begins with the first bits of another. */
function sharesBits(hostname: string, address: Uint8Array, count: number): boolean {
  const other = parseAddress(hostname);
  if (other?.length !== address.length) return false;
  return other.every((byte, index) => {
    const bits = Math.min(8, Math.max(0, count - index * 8));
    return (byte ^ (address[index] ?? 0)) >> (8 - bits) === 0;
  });
}
