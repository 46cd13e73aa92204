import { assertEquals } from "@std/assert";
import { readChain } from "../../../src/recording/chain.ts";
import { temporaryFolder } from "../../support/home.ts";
import { FINAL, frameEntries, record, START } from "../../support/recordings.ts";

/** Every fault of a recording of ten lines after a change, as `KIND LINE`. */
async function faultsAfter(change: (lines: string[]) => string[]): Promise<string[]> {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await record(path, [START, ...frameEntries(8), FINAL]);
  const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
  await Deno.writeTextFile(path, change(lines).map((line) => `${line}\n`).join(""));
  using file = await Deno.open(path);
  const checked = await Array.fromAsync(readChain(file));
  return checked.flatMap(({ fault, number }) => fault ? [`${fault.kind} ${number}`] : []);
}

const CHANGES: readonly [
  name: string,
  change: (lines: string[]) => string[],
  faults: string[],
][] = [
  ["nothing", (lines) => lines, []],
  ["a changed line", (l) => l.with(4, (l[4] ?? "").replace("line", "LINE")), ["changed 5"]],
  ["a line made garbage", (l) => l.with(4, "garbage"), ["changed 5"]],
  ["garbage put in", (l) => l.toSpliced(4, 0, "garbage"), ["changed 5"]],
  ["two lines made one piece of garbage", (l) => l.toSpliced(4, 2, "x"), [
    "changed 5",
    "missing 6",
  ]],
  ["removed lines", (l) => l.toSpliced(4, 2), ["missing 5"]],
  ["a doubled line", (l) => l.toSpliced(4, 0, l[4] ?? ""), ["misplaced 6"]],
  ["a line with another number", (l) => l.with(4, (l[4] ?? "").replace('"seq":5', '"seq":9')), [
    "changed 5",
  ]],
  ["two lines made garbage", (l) => l.with(4, "garbage").with(5, "garbage"), ["changed 5"]],
  ["two changes", (l) => l.toSpliced(7, 1).with(2, "garbage"), ["changed 3", "missing 8"]],
];

for (const [name, change, faults] of CHANGES) {
  Deno.test(`readChain() tells each fault once: ${name}`, async () => {
    assertEquals(await faultsAfter(change), faults);
  });
}

Deno.test("readChain() gives every line, broken or not, and its hash", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await record(path, [START, ...frameEntries(5)]);
  const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
  const texts = [lines[0], "garbage\nand more", lines[3], lines[4], "garbage"].map((text) =>
    text ?? ""
  );
  await Deno.writeTextFile(path, texts.join("\n"));
  using file = await Deno.open(path);
  const pieces = await Array.fromAsync(readChain(file));
  const wanted = [[1, 1, 1], [2, 2, undefined], [4, 1, 4], [5, 1, 5], [6, 1, undefined]];
  assertEquals(pieces.map(({ number, lines, record }) => [number, lines, record?.seq]), wanted);
  const encoded = texts.map((text) => new TextEncoder().encode(text));
  assertEquals(
    pieces.map(({ size, sha256 }) => [size, sha256]),
    await Promise.all(encoded.map(async (bytes) => {
      return [bytes.length, new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex()];
    })),
  );
});
