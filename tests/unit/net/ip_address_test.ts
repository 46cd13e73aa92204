import { assertEquals } from "@std/assert";
import { formatAddress, parseAddress } from "../../../src/net/ip_address.ts";

const ADDRESSES: readonly (readonly [text: string, hex: string, shortest?: string])[] = [
  ["127.0.0.1", "7f000001"],
  ["255.255.255.255", "ffffffff"],
  ["::", "00000000000000000000000000000000"],
  ["::1", "00000000000000000000000000000001"],
  ["fd00::", "fd000000000000000000000000000000"],
  ["2001:DB8:0:0:1:0:0:1", "20010db8000000000001000000000001", "2001:db8::1:0:0:1"],
  ["::ffff:10.1.2.3", "00000000000000000000ffff0a010203", "::ffff:a01:203"],
];

Deno.test("parseAddress() reads both kinds of address", () => {
  for (const [text, hex] of ADDRESSES) assertEquals(parseAddress(text)?.toHex(), hex, text);
});

Deno.test("parseAddress() takes nothing else for one", () => {
  for (
    const text of ["", "localhost", "1.2.3", "1.2.3.256", "1.2.3.4.5", "[::1]", "::g", "1::2::3"]
  ) {
    assertEquals(parseAddress(text), undefined, text);
  }
});

Deno.test("formatAddress() writes the shortest form", () => {
  for (const [text, hex, shortest] of ADDRESSES) {
    assertEquals(formatAddress(Uint8Array.fromHex(hex)), shortest ?? text);
  }
});
