import { assert, assertEquals, assertMatch } from "@std/assert";
import { describeFault, type LineFault } from "../../../src/recording/verify.ts";
import { temporaryFolder } from "../../support/home.ts";
import { FINAL, frameEntries, record, START, verify } from "../../support/recordings.ts";

/** Lines of the recording that is tampered with: a start, eight frames, a final. */
const LINES = 10;

async function recordedLines(path: string): Promise<string[]> {
  await record(path, [START, ...frameEntries(LINES - 2), FINAL]);
  return (await Deno.readTextFile(path)).trimEnd().split("\n");
}

/** What is found wrong with those lines after a change. */
async function faultAfter(change: (lines: string[]) => string[] | string) {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  const changed = change(await recordedLines(path));
  await Deno.writeTextFile(
    path,
    typeof changed === "string" ? changed : changed.map((line) => `${line}\n`).join(""),
  );
  const { fault } = await verify(path);
  return fault;
}

const whole = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
const at = (lines: readonly string[], number: number) => lines[number - 1] ?? "";
const renumbered = (line: string, seq: number) => line.replace(/"seq":\d+/, `"seq":${seq}`);

/** A line of somebody else's making, behind another one. */
function forged(line: string, prev: string): string {
  return JSON.stringify({ ...JSON.parse(line), frame: '{"type":"forged"}', prev });
}

const CHANGES: readonly [
  name: string,
  change: (lines: string[]) => string[] | string,
  kind: LineFault["kind"],
  line: number,
][] = [
  ["a letter", (l) => l.with(4, at(l, 5).replace("line 3", "line X")), "changed", 5],
  ["white space", (l) => l.with(4, at(l, 5).replace('"type"', ' "type"')), "changed", 5],
  ["an escape", (l) => l.with(4, at(l, 5).replace("line", "\\u006cine")), "changed", 5],
  ["the time", (l) => l.with(4, at(l, 5).replace("03:04:05.000Z", "03:04:06.000Z")), "changed", 5],
  ["a number", (l) => l.with(4, renumbered(at(l, 5), 50)), "changed", 5],
  ["a smaller number", (l) => l.with(4, renumbered(at(l, 5), 2)), "changed", 5],
  [
    "what a line keeps of the one before",
    (l) => {
      return l.with(4, at(l, 5).replace(/"prev":"./, '"prev":"?'));
    },
    "changed",
    4,
  ],
  [
    "what the first line keeps",
    (l) => l.with(0, at(l, 1).replace('"prev":"0', '"prev":"1')),
    "changed",
    1,
  ],
  ["the first line", (l) => l.with(0, at(l, 1).replace("o-1", "o-2")), "changed", 1],
  ["the last line but one", (l) => l.with(8, at(l, 9).replace("line", "LINE")), "changed", 9],
  ["the first line to garbage", (l) => l.with(0, "garbage"), "changed", 1],
  ["a line to garbage", (l) => l.with(4, "garbage"), "changed", 5],
  ["a line to nothing", (l) => l.with(4, ""), "changed", 5],
  ["a line to another JSON value", (l) => l.with(4, "[1]"), "changed", 5],
  ["a line to a NUL", (l) => l.with(4, "\0"), "changed", 5],
  ["the version", (l) => l.with(4, at(l, 5).replace('version":1', 'version":2')), "changed", 5],
  ["a line cut off within", (l) => l.with(4, at(l, 5).slice(0, 40)), "changed", 5],
  ["two lines joined", (l) => l.toSpliced(4, 2, at(l, 5) + at(l, 6)), "changed", 5],
  ["a line end within a line", (l) => l.with(4, at(l, 5).replace(",", ",\n")), "changed", 5],
  ["every line end", (l) => l.map((line) => `${line}\r`), "changed", 1],
  ["an empty line put in", (l) => l.toSpliced(4, 0, ""), "changed", 5],
  ["a line removed", (l) => l.toSpliced(4, 1), "missing", 5],
  ["three lines removed", (l) => l.toSpliced(4, 3), "missing", 5],
  ["the first line removed", (l) => l.slice(1), "missing", 1],
  ["all but the last line removed", (l) => l.slice(-1), "missing", 1],
  ["two lines swapped", (l) => l.with(4, at(l, 6)).with(5, at(l, 5)), "misplaced", 6],
  ["a line moved down", (l) => l.toSpliced(2, 1).toSpliced(6, 0, at(l, 3)), "misplaced", 7],
  ["a line moved up", (l) => l.toSpliced(7, 1).toSpliced(2, 0, at(l, 8)), "misplaced", 4],
  ["the order turned round", (l) => l.toReversed(), "misplaced", 2],
  ["a line doubled", (l) => l.toSpliced(4, 0, at(l, 5)), "misplaced", 6],
  ["the whole doubled", (l) => [...l, ...l], "misplaced", 11],
  [
    "a forged line put in",
    (l) => l.toSpliced(4, 0, forged(at(l, 5), JSON.parse(at(l, 5)).prev)),
    "misplaced",
    6,
  ],
  [
    "a forged line in place of one",
    (l) => l.with(4, forged(at(l, 5), JSON.parse(at(l, 5)).prev)),
    "changed",
    5,
  ],
  ["the last line cut off", (l) => whole(l).slice(0, -9), "torn", 10],
  ["the last line cut off early", (l) => `${whole(l.slice(0, 9))}{"s`, "torn", 10],
  ["bytes put behind", (l) => `${whole(l)}\0\0\0`, "torn", 11],
  ["a line put behind", (l) => [...l, "garbage"], "changed", 11],
  [
    "two parts swapped, joined by hand",
    (l) => [...l.slice(0, 3), ...l.slice(6), ...l.slice(3, 6)],
    "misplaced",
    8,
  ],
];

for (const [name, change, kind, line] of CHANGES) {
  Deno.test(`verifyRecording() finds the line when this was changed: ${name}`, async () => {
    const fault = await faultAfter(change);
    assertEquals([fault?.kind, fault?.line], [kind, line]);
    assertMatch(describeFault(fault ?? { kind: "foreign", line: 0 }), new RegExp(`\\b${line}\\b`));
  });
}

Deno.test("verifyRecording() tells the number of lines and the last one's hash", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  const lines = await recordedLines(path);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(lines.at(-1)));
  assertEquals(await verify(path), {
    lines: LINES,
    seq: LINES,
    sha256: new Uint8Array(digest).toHex(),
    fault: undefined,
    markedTorn: 0,
    torn: undefined,
    isEnded: true,
    isComplete: true,
  });
});

Deno.test("verifyRecording() finds each line chained to the bytes of the one before", async () => {
  using folder = temporaryFolder();
  const lines = await recordedLines(folder.join("recording"));
  let prev = "0".repeat(64);
  for (const [index, line] of lines.entries()) {
    const record = JSON.parse(line);
    assertEquals([record.seq, record.prev], [index + 1, prev]);
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(line));
    prev = new Uint8Array(digest).toHex();
  }
});

Deno.test("verifyRecording() takes a last line whose end is missing, and tells that it is", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await Deno.writeTextFile(path, whole(await recordedLines(path)).trimEnd());
  const { fault, isEnded, lines } = await verify(path);
  assertEquals([fault, isEnded, lines], [undefined, false, LINES]);
});

Deno.test("verifyRecording() tells lines that were cut away at the end by the missing final", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await Deno.writeTextFile(path, whole((await recordedLines(path)).slice(0, 7)));
  const { fault, isComplete } = await verify(path);
  assertEquals([fault, isComplete], [undefined, false]);
});

const FOREIGN: readonly [name: string, bytes: Uint8Array | string][] = [
  ["text", "hello\nworld\n"],
  ["text without a line end", "hello"],
  ["JSON lines of another kind", '{"schema_version":1,"type":"frame"}\n{"a":1}\n'],
  ["a later version", '{"schema_version":2,"seq":1}\n{"schema_version":2,"seq":2}\n'],
  ["an executable", new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 10, 200, 201])],
  ["a blank line", "\n"],
];

for (const [name, content] of FOREIGN) {
  Deno.test(`verifyRecording() takes ${name} for no recording`, async () => {
    using folder = temporaryFolder();
    const path = folder.join("file");
    await Deno.writeFile(
      path,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
    assertEquals((await verify(path)).fault, { kind: "foreign", line: 1 });
  });
}

/** Whole numbers below a limit, the same ones in every run. */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor(state / 2 ** 32 * limit);
  };
}

Deno.test("verifyRecording() finds every change of one byte but in the last line", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  const lines = await recordedLines(path);
  const bytes = await Deno.readFile(path);
  const protectedBytes = bytes.length - (lines.at(-1)?.length ?? 0) - 1;
  const random = randomNumbers(278);
  for (let round = 0; round < 400; round++) {
    const changed = bytes.slice();
    const where = random(protectedBytes);
    changed[where] = ((changed[where] ?? 0) + 1 + random(255)) % 256;
    await Deno.writeFile(path, changed);
    assert((await verify(path)).fault !== undefined, `byte ${where} in round ${round}`);
  }
});

Deno.test("verifyRecording() finds every removal of bytes before the last line", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  const lines = await recordedLines(path);
  const bytes = await Deno.readFile(path);
  const protectedBytes = bytes.length - (lines.at(-1)?.length ?? 0) - 1;
  const random = randomNumbers(4);
  for (let round = 0; round < 400; round++) {
    const start = random(protectedBytes);
    const end = start + 1 + random(protectedBytes - start);
    await Deno.writeFile(path, new Uint8Array([...bytes.slice(0, start), ...bytes.slice(end)]));
    assert((await verify(path)).fault !== undefined, `bytes ${start} to ${end}`);
  }
});
