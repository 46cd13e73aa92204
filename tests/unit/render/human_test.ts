import { assertEquals } from "@std/assert";
import {
  bytes,
  count,
  counted,
  duration,
  money,
  parseInstant,
  relativeTime,
} from "../../../src/render/human.ts";

const NOW = Date.parse("2026-01-02T03:04:05Z");
const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];

Deno.test("relativeTime() names the largest unit, rounded down", () => {
  const ages: [number, string][] = [
    [0, "just now"],
    [4.9 * SECOND, "just now"],
    [5 * SECOND, "5 s ago"],
    [59.9 * SECOND, "59 s ago"],
    [MINUTE, "1 min ago"],
    [59.9 * MINUTE, "59 min ago"],
    [HOUR, "1 h ago"],
    [23.9 * HOUR, "23 h ago"],
    [DAY, "1 d ago"],
    [29.9 * DAY, "29 d ago"],
    [30 * DAY, "1 mo ago"],
    [364 * DAY, "12 mo ago"],
    [365 * DAY, "1 y ago"],
    [1000 * DAY, "2 y ago"],
  ];
  assertEquals(ages.map(([age]) => relativeTime(NOW - age, NOW)), ages.map(([, text]) => text));
});

Deno.test("relativeTime() looks ahead for times to come", () => {
  assertEquals(relativeTime(NOW + 2 * HOUR, NOW), "in 2 h");
  assertEquals(relativeTime(NOW + 2 * SECOND, NOW), "just now");
});

Deno.test("parseInstant() reads ISO 8601 and unix times in seconds and milliseconds", () => {
  assertEquals(parseInstant("2026-01-02T03:04:05Z"), NOW);
  assertEquals(parseInstant("2026-01-02T04:04:05.000+01:00"), NOW);
  assertEquals(parseInstant(NOW / 1000), NOW);
  assertEquals(parseInstant(NOW), NOW);
});

Deno.test("parseInstant() takes nothing else for a time", () => {
  for (const value of ["", "running", "1", "2026", "2026-99-99T00:00:00Z", null, true, NaN, {}]) {
    assertEquals(parseInstant(value), undefined, JSON.stringify(value));
  }
});

Deno.test("duration() shows the two largest units", () => {
  const lengths: [number, string][] = [
    [0, "0 s"],
    [440, "0.4 s"],
    [3000, "3 s"],
    [9960, "10 s"],
    [14_000, "14 s"],
    [59_600, "1 m"],
    [134_000, "2 m 14 s"],
    [HOUR - 1, "1 h"],
    [63 * MINUTE, "1 h 3 m"],
    [52 * HOUR, "2 d 4 h"],
    [-1, "0 s"],
    [NaN, "0 s"],
  ];
  assertEquals(lengths.map(([length]) => duration(length)), lengths.map(([, text]) => text));
});

Deno.test("bytes() counts small sizes and rounds large ones in powers of 1,024", () => {
  const sizes: [number, string][] = [
    [0, "0 B"],
    [1234, "1,234 B"],
    [9999, "9,999 B"],
    [10_000, "9.8 KiB"],
    [1024 * 1024 - 1, "1.0 MiB"],
    [1_258_291, "1.2 MiB"],
    [10 * 2 ** 30, "10.0 GiB"],
    [2 ** 60, "1024.0 PiB"],
  ];
  assertEquals(sizes.map(([size]) => bytes(size)), sizes.map(([, text]) => text));
});

Deno.test("money() shows cents, and below one dollar hundredths of them", () => {
  const amounts: [number, string][] = [
    [0, "$0.00"],
    [0.000_01, "<$0.0001"],
    [0.0123, "$0.0123"],
    [0.999_94, "$0.9999"],
    [0.999_99, "$1.00"],
    [12.345, "$12.35"],
    [1234.5, "$1,234.50"],
    [-0.5, "-$0.5000"],
  ];
  assertEquals(amounts.map(([amount]) => money(amount)), amounts.map(([, text]) => text));
});

Deno.test("counted() says how many there are in words", () => {
  assertEquals([0, 1, 12_345].map((amount) => counted(amount, "message")), [
    "0 messages",
    "1 message",
    "12,345 messages",
  ]);
  assertEquals(counted(2, "failure", "failures in all"), "2 failures in all");
});

Deno.test("count() groups thousands and leaves fractions alone", () => {
  assertEquals([0, 999, 12_345, 1_234_567.891, -1000].map(count), [
    "0",
    "999",
    "12,345",
    "1,234,567.891",
    "-1,000",
  ]);
});
