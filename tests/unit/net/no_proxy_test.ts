import { assertEquals } from "@std/assert";
import { NoProxy } from "../../../src/net/no_proxy.ts";

/** List, URL, and the entry that it falls under, if any. */
const CASES: readonly (readonly [list: string, url: string, entry?: string])[] = [
  ["", "https://example.com"],
  ["example.com", "https://example.com", "example.com"],
  ["example.com", "https://api.example.com", "example.com"],
  ["example.com", "https://notexample.com"],
  ["example.com", "https://example.com.evil.test"],
  ["EXAMPLE.com", "https://Example.COM", "EXAMPLE.com"],
  [".example.com", "https://api.example.com", ".example.com"],
  [".example.com", "https://example.com", ".example.com"],
  [".example.com", "https://notexample.com"],
  ["*.example.com", "https://api.example.com", "*.example.com"],
  ["example.com.", "https://example.com", "example.com."],
  ["example.com", "https://example.com.", "example.com"],
  ["a, b c,,d", "https://c", "c"],
  ["a, b c,,d", "https://e"],
  ["*", "https://example.com", "*"],
  ["other, *", "https://10.1.2.3", "*"],
  ["ex*ple.com", "https://example.com"],
  ["example.com:8443", "https://example.com:8443", "example.com:8443"],
  ["example.com:8443", "https://api.example.com:8443", "example.com:8443"],
  ["example.com:8443", "https://example.com"],
  ["example.com:443", "wss://example.com", "example.com:443"],
  ["example.com:80", "http://example.com", "example.com:80"],
  ["10.1.2.3", "https://10.1.2.3", "10.1.2.3"],
  ["10.1.2.3", "https://110.1.2.3"],
  ["10.1.2.3:8080", "https://10.1.2.3:8080", "10.1.2.3:8080"],
  ["10.1.2.3:8080", "https://10.1.2.3"],
  ["2.3", "https://10.1.2.3"],
  ["fd00::1", "https://[fd00:0:0::1]", "fd00::1"],
  ["[FD00::0:1]", "https://[fd00::1]", "[FD00::0:1]"],
  ["[fd00::1]:8443", "https://[fd00::1]:8443", "[fd00::1]:8443"],
  ["[fd00::1]:8443", "https://[fd00::1]"],
  ["10.0.0.0/8", "https://10.255.1.2", "10.0.0.0/8"],
  ["10.0.0.0/8", "https://11.0.0.1"],
  ["192.168.4.0/22", "https://192.168.7.255", "192.168.4.0/22"],
  ["192.168.4.0/22", "https://192.168.8.0"],
  ["0.0.0.0/0", "https://8.8.8.8", "0.0.0.0/0"],
  ["0.0.0.0/0", "https://example.com"],
  ["0.0.0.0/0", "https://[fd00::1]"],
  ["10.1.2.3/32", "https://10.1.2.3", "10.1.2.3/32"],
  ["fd00::/8", "https://[fdff::1]", "fd00::/8"],
  ["fd00::/8", "https://[fe80::1]"],
  ["2001:db8::/33", "https://[2001:db8:7fff::]", "2001:db8::/33"],
  ["2001:db8::/33", "https://[2001:db8:8000::]"],
  ["10.0.0.0/33", "https://10.0.0.0"],
  ["example.com/8", "https://example.com"],
];

Deno.test("NoProxy.find() finds the entry that a host falls under", () => {
  for (const [list, address, entry] of CASES) {
    const { hostname, port, protocol } = new URL(address);
    const number = Number(port || (/s:$/.test(protocol) ? 443 : 80));
    assertEquals(new NoProxy(list).find(hostname, number), entry, `"${list}" ${address}`);
  }
});

Deno.test("NoProxy.unreadable lists what is no host", () => {
  assertEquals(
    new NoProxy("ok, 10.0.0.0/33, a*b, [::1, .ok:80, 10.0.0.0/8, x/y, fd00::/129, *").unreadable,
    ["10.0.0.0/33", "a*b", "[::1", "x/y", "fd00::/129"],
  );
});
