import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { CliError } from "../../../src/app/errors.ts";
import type { Entry } from "../../../src/recording/entry.ts";
import { type AppendFile, openRecording, Recording } from "../../../src/recording/recording.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { temporaryFolder } from "../../support/home.ts";
import { FINAL, frameEntries, record, START, verify } from "../../support/recordings.ts";

const encoder = new TextEncoder();

async function readRecords(path: string) {
  return (await Deno.readTextFile(path)).trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** Asserts that a file is refused with exit 4, and left as it was. */
async function assertRefused(path: string, words: string) {
  const before = { bytes: await Deno.readFile(path), info: await Deno.lstat(path) };
  const error = await assertRejects(() => openRecording(path, new FakeClock()), CliError);
  assertEquals(error.exitCode, 4);
  assertStringIncludes(error.message, `"${path}"`);
  assertStringIncludes(error.message, words);
  assertEquals(await Deno.readFile(path), before.bytes);
  const { mtime, mode, ino } = await Deno.lstat(path);
  assertEquals(
    { mtime, mode, ino },
    { mtime: before.info.mtime, mode: before.info.mode, ino: before.info.ino },
  );
}

Deno.test("openRecording() makes a file for its owner alone", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await record(path, [START]);
  assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
});

Deno.test("openRecording() leaves no file behind when nothing is recorded", async () => {
  using folder = temporaryFolder();
  {
    using recording = await openRecording(folder.join("recording"), new FakeClock());
    assertEquals(recording.seq, 0);
  }
  assertEquals(await Array.fromAsync(Deno.readDir(folder.path)), []);
});

Deno.test("openRecording() continues a recording", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await record(path, [START, ...frameEntries(3), FINAL]);
  const before = await Deno.readFile(path);
  await record(path, [START, FINAL]);
  const after = await Deno.readFile(path);
  assertEquals(after.slice(0, before.length), before);
  const { fault, lines, seq } = await verify(path);
  assertEquals([fault, lines, seq], [undefined, 7, 7]);
});

Deno.test("openRecording() begins in a file that is empty", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await Deno.writeTextFile(path, "", { mode: 0o600 });
  await record(path, [START]);
  assertEquals((await verify(path)).lines, 1);
});

Deno.test("openRecording() continues behind a line whose end is missing", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await record(path, [START, ...frameEntries(2)]);
  await Deno.writeTextFile(path, (await Deno.readTextFile(path)).trimEnd());
  await record(path, [FINAL]);
  const { fault, lines } = await verify(path);
  assertEquals([fault, lines], [undefined, 4]);
});

/** Continues a recording that was cut off, and asserts that nothing of it is lost or wrong. */
async function assertContinued(path: string, cut: Uint8Array) {
  const where = `cut at ${cut.length}`;
  await Deno.writeFile(path, cut);
  const { fault, torn } = await verify(path);
  assertEquals(fault?.kind, torn && "torn", where);
  await record(path, [START, FINAL]);
  const after = await verify(path);
  assertEquals([after.fault, after.isComplete], [undefined, true], where);
  assertEquals((await Deno.readFile(path)).slice(0, cut.length), cut, where);
}

Deno.test("openRecording() continues a recording that was cut off at any byte", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await record(path, [START, ...frameEntries(2)]);
  const whole = await Deno.readFile(path);
  for (let length = 1; length <= whole.length; length++) {
    await assertContinued(path, whole.slice(0, length));
  }
});

Deno.test("openRecording() continues a recording that was cut off while its end was marked", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await record(path, [START, ...frameEntries(2)]);
  const whole = await Deno.readFile(path);
  // Off the end of the last line, and off the first line.
  for (const torn of [whole.slice(0, -20), whole.slice(0, 5), whole.slice(0, 60)]) {
    await Deno.writeFile(path, torn);
    await record(path, [START]);
    const marked = await Deno.readFile(path);
    for (let length = torn.length + 1; length <= marked.length; length++) {
      await assertContinued(path, marked.slice(0, length));
    }
  }
});

Deno.test("openRecording() marks what was cut off with its length", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await record(path, [START, ...frameEntries(2)]);
  await Deno.truncate(path, (await Deno.stat(path)).size - 20);
  const last = (await Deno.readTextFile(path)).split("\n").at(-1) ?? "";
  assertEquals((await verify(path)).fault, { kind: "torn", line: 3 });
  await record(path, [FINAL]);
  const { lines, markedTorn } = await verify(path);
  assertEquals([lines, markedTorn], [5, 1]);
  const marker = JSON.parse((await Deno.readTextFile(path)).split("\n")[3] ?? "");
  assertEquals([marker.type, marker.seq, marker.bytes], ["torn", 3, last.length]);
});

Deno.test("openRecording() marks each line that was cut off, one after the other", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  for (let time = 0; time < 3; time++) {
    await record(path, [START, ...frameEntries(2)]);
    await Deno.truncate(path, (await Deno.stat(path)).size - 20);
  }
  await record(path, [START]);
  const { fault, markedTorn } = await verify(path);
  assertEquals([fault, markedTorn], [undefined, 3]);
});

Deno.test("openRecording() finds out when bytes that were cut off are changed later", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await record(path, [START, ...frameEntries(2)]);
  await Deno.truncate(path, (await Deno.stat(path)).size - 20);
  await record(path, [FINAL]);
  await Deno.writeTextFile(path, (await Deno.readTextFile(path)).replace("line 1", "line 9"));
  assertEquals((await verify(path)).fault?.kind, "changed");
});

Deno.test("openRecording() refuses a file that is no recording", async () => {
  using folder = temporaryFolder();
  const path = folder.join("file");
  for (const content of ["hello\n", "\n", '{"a":1}\n', "\x7fELF\x02\n\x00"]) {
    await Deno.writeTextFile(path, content, { mode: 0o600 });
    await assertRefused(path, "is no recording");
  }
});

Deno.test("openRecording() refuses a recording whose chain is broken, torn end or not", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await record(path, [START, ...frameEntries(4)]);
  const text = (await Deno.readTextFile(path)).replace("line 1", "line 9");
  for (const content of [text, text.slice(0, -9)]) {
    await Deno.writeTextFile(path, content);
    await assertRefused(path, "Line 3 was changed");
  }
});

Deno.test("openRecording() refuses a file that others may access", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  await record(path, [START]);
  for (const mode of [0o640, 0o604, 0o620, 0o666]) {
    await Deno.chmod(path, mode);
    await assertRefused(path, "others on this machine");
  }
});

Deno.test("openRecording() refuses a link, whether it leads somewhere or not", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  const link = folder.join("link");
  await record(path, [START]);
  await Deno.symlink(path, link);
  await assertRefused(link, "symbolic link");
  await Deno.remove(path);
  const error = await assertRejects(() => openRecording(link, new FakeClock()), CliError);
  assertStringIncludes(error.message, "symbolic link");
  const names = await Array.fromAsync(Deno.readDir(folder.path), ({ name }) => name);
  assertEquals(names, ["link"]);
});

Deno.test("openRecording() says why a place cannot be recorded to", async () => {
  using folder = temporaryFolder();
  await Deno.writeTextFile(folder.join("file"), "");
  const places: [path: string, words: string][] = [
    [folder.path, "it is not a file"],
    [folder.join("none", "recording"), "there is no such file or folder"],
    [folder.join("file", "recording"), "a part of its path is not a folder"],
    ["/dev/null", "it is not a file"],
    ["", "there is no such file or folder"],
  ];
  for (const [path, words] of places) {
    const error = await assertRejects(() => openRecording(path, new FakeClock()), CliError);
    assertEquals(error.exitCode, 4);
    assertStringIncludes(error.message, words);
  }
});

Deno.test("openRecording() refuses a file that something else records to", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  {
    using first = await openRecording(path, new FakeClock());
    first.append([START]);
    await assertRefused(path, "another program records to it");
  }
  await record(path, [FINAL]);
  assertEquals((await verify(path)).lines, 2);
});

Deno.test("Recording.append keeps every text as it was", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  const texts = [
    '{"type":"a",\n "exact": 12345678901234567890.10}',
    "\0\x1b[31m\x7f\u009b\u202e\u2028\ufeff\u{e0041}日本 \u{1f600}",
    "a lone \ud800 surrogate, and \udc00",
    "x".repeat(3_000_000),
    "\u001f".repeat(500_000),
    "",
  ];
  await record(path, texts.map((frame): Entry => ({ type: "frame", frame })));
  assertEquals((await readRecords(path)).map(({ frame }) => frame), texts);
  // deno-lint-ignore no-control-regex
  assert(!/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028\ufeff]/.test(await Deno.readTextFile(path)));
  assertEquals((await verify(path)).fault, undefined);
});

Deno.test("Recording.append writes a batch as it would its lines one by one", async () => {
  using folder = temporaryFolder();
  const entries = [START, ...frameEntries(5_000), FINAL];
  await record(folder.join("one"), entries);
  using recording = await openRecording(folder.join("batch"), new FakeClock());
  assertEquals(recording.append(entries), entries.length);
  assertEquals(
    await Deno.readTextFile(folder.join("batch")),
    await Deno.readTextFile(folder.join("one")),
  );
});

Deno.test("Recording.append notes the time in UTC, and numbers the lines", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  const clock = new FakeClock("2026-05-06T07:08:09.010Z");
  using recording = await openRecording(path, clock);
  assertEquals(recording.append([START, FINAL]), 2);
  assertEquals((await readRecords(path)).map(({ seq, time }) => `${seq} ${time}`), [
    "1 2026-05-06T07:08:09.010Z",
    "2 2026-05-06T07:08:09.010Z",
  ]);
});

/** A file in memory that takes so many bytes, and then is full. */
class FullFile implements AppendFile {
  bytes = new Uint8Array();
  isClosed = false;
  readonly #room: number;
  readonly #canTruncate: boolean;

  constructor(room: number, { canTruncate = true } = {}) {
    this.#room = room;
    this.#canTruncate = canTruncate;
  }

  writeSync(bytes: Uint8Array): number {
    const left = this.#room - this.bytes.length;
    if (left === 0) throw new Error("No space left on device (os error 28)");
    const part = bytes.slice(0, left);
    this.bytes = new Uint8Array([...this.bytes, ...part]);
    return part.length;
  }

  truncateSync(length = 0): void {
    if (!this.#canTruncate) throw new Error("Operation not permitted");
    this.bytes = this.bytes.slice(0, length);
  }

  syncSync(): void {}

  unlockSync(): void {}

  statSync(): Deno.FileInfo {
    return { ...Deno.statSync("."), size: this.bytes.length, nlink: 1 };
  }

  close(): void {
    this.isClosed = true;
  }

  get text(): string {
    return new TextDecoder().decode(this.bytes);
  }
}

function recordingIn(file: AppendFile): Recording {
  return new Recording({
    path: "recording",
    file,
    clock: new FakeClock(),
    isNew: false,
    verdict: {
      lines: 0,
      seq: 0,
      sha256: "0".repeat(64),
      fault: undefined,
      markedTorn: 0,
      torn: undefined,
      isEnded: true,
      isComplete: false,
    },
  });
}

Deno.test("Recording.append tells at once that a line cannot be written, and leaves none half", async () => {
  const file = new FullFile(1_000);
  const recording = recordingIn(file);
  const written = frameEntries(10).map((entry) => recording.append([entry]));
  assert(recording.hasFailed);
  assertEquals(await recording.failed, "No space left on device");
  const lines = file.text.trimEnd().split("\n");
  assertEquals(recording.seq, lines.length);
  assertEquals(Math.max(...written), lines.length);
  assertMatch(file.text, /"prev":"[0-9a-f]{64}"\}\n$/);
});

Deno.test("Recording.append writes nothing more after a failure", () => {
  const file = new FullFile(1_000, { canTruncate: false });
  const recording = recordingIn(file);
  for (const entry of frameEntries(10)) recording.append([entry]);
  const { length } = file.bytes;
  assertEquals(length, 1_000);
  file.bytes = file.bytes.slice(0, 10);
  recording.append([FINAL]);
  recording.sync();
  assertEquals(file.bytes.length, 10);
});

Deno.test("Recording.append finds that its file is gone, or was changed by others", async () => {
  using folder = temporaryFolder();
  const harms: [change: (path: string) => void, words: string][] = [
    [(path) => Deno.removeSync(path), "removed"],
    [(path) => Deno.renameSync(folder.join("other"), path), "removed or replaced"],
    [(path) => Deno.truncateSync(path), "changed"],
    [(path) => Deno.writeTextFileSync(path, "more\n", { append: true }), "changed"],
  ];
  for (const [index, [harm, words]] of harms.entries()) {
    const path = folder.join(`recording-${index}`);
    await Deno.writeTextFile(folder.join("other"), "");
    using recording = await openRecording(path, new FakeClock());
    recording.append([START]);
    harm(path);
    recording.append([FINAL]);
    assertEquals(recording.seq, 1);
    assertStringIncludes(await recording.failed, words);
  }
});

Deno.test("Recording.sha256 is that of the last line's bytes", async () => {
  using folder = temporaryFolder();
  const path = folder.join("recording");
  using recording = await openRecording(path, new FakeClock());
  recording.append([START, FINAL]);
  const last = (await Deno.readTextFile(path)).trimEnd().split("\n").at(-1);
  const digest = await crypto.subtle.digest("SHA-256", encoder.encode(last));
  assertEquals(recording.sha256, new Uint8Array(digest).toHex());
});
