import { lookup } from "node:dns/promises";

/** What a name leads to. */
export interface Resolved {
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
}

/** Looks a name up as connections do: by the system, with its file of hosts. Never fails. */
export async function resolve(hostname: string): Promise<Resolved> {
  const find = async (family: 4 | 6) => {
    try {
      return (await lookup(hostname, { family, all: true })).map(({ address }) => address);
    } catch {
      return [];
    }
  };
  const [ipv4, ipv6] = await Promise.all([find(4), find(6)]);
  return { ipv4, ipv6 };
}
