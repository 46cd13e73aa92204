import type { Entry } from "../../src/recording/entry.ts";
import { openRecording } from "../../src/recording/recording.ts";
import { type Verdict, verifyRecording } from "../../src/recording/verify.ts";
import { FakeClock } from "./fake_clock.ts";

export const START = {
  type: "start",
  session_id: "s-1",
  caller: { oid: "o-1", key_fingerprint: "0123456789abcdef" },
  program: "limacharlie-ai/1.2.3",
  host: "ai.limacharlie.example",
  read_only: false,
  approvals: "person",
} as const satisfies Entry;

export const FINAL = {
  type: "final",
  status: "detached",
  reason: "detached",
  exit_code: 0,
  session_id: "s-1",
  skipped_frames: 0,
} as const satisfies Entry;

/** A frame of the server, as an entry. */
export function frameEntry(frame: object): Entry {
  return { type: "frame", frame: JSON.stringify(frame) };
}

/** So many frames that differ. */
export function frameEntries(count: number): Entry[] {
  return Array.from({ length: count }, (_, index) =>
    frameEntry({
      type: "assistant",
      timestamp: `2026-01-02T03:04:${String(index % 60).padStart(2, "0")}Z`,
      payload: { content: `line ${index}` },
    }));
}

/** Records entries, each by itself, behind what the file holds. */
export async function record(path: string, entries: readonly Entry[]): Promise<void> {
  using recording = await openRecording(path, new FakeClock());
  for (const entry of entries) recording.append([entry]);
}

/** Checks a recording. */
export async function verify(path: string): Promise<Verdict> {
  using file = await Deno.open(path);
  return await verifyRecording(file);
}
