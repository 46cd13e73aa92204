import { takeGlobalFlags } from "../../src/app/global_flags.ts";
import type { OutputOptions } from "../../src/app/output.ts";
import { FakeClock, type FakeDeps, fakeDeps, type FakeProcessOptions } from "./fakes.ts";

/** Rows of a list: an optional field, null, a character that a terminal acts upon. */
export const SESSIONS = [
  {
    id: "s-1",
    status: "ended",
    name: "日本\u202e",
    created_at: "2026-01-01T00:00:00Z",
    cost_usd: 0.25,
    end_reason: "completed",
  },
  { id: "s-2", status: "running", created_at: "2026-01-02T00:00:00Z", cost_usd: 1.5, name: null },
  { id: "s-3", status: "running", created_at: "2026-01-03T00:00:00Z", cost_usd: 0.5, name: "x" },
];

/** What the command that lists them knows. */
export const SESSION_OPTIONS: OutputOptions = {
  columns: ["id", "status", "created_at", "error_message"],
  kinds: { created_at: "time", cost_usd: "money" },
};

/** What a command with these global flags gets. */
export function depsFor(args: readonly string[], options: FakeProcessOptions = {}): FakeDeps {
  return fakeDeps({
    clock: new FakeClock("2026-01-03T00:04:00Z"),
    ...options,
    flags: takeGlobalFlags(args, [], () => undefined).flags,
  });
}

/** The lines of jsonl, read. */
export function readLines(text: string): unknown[] {
  return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}
