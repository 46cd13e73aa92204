import { assert, assertEquals } from "@std/assert";
import { type Status, statusReport, statusRows } from "../../../src/chat/status.ts";

const NOW = 1_000_000;
const IDLE: Status = {
  activity: undefined,
  since: 0,
  usage: { tokens: 0 },
  budget: undefined,
  link: undefined,
  heardAt: undefined,
  queued: 0,
  requests: 0,
};

const LINES: readonly [name: string, status: Partial<Status>, line: string][] = [
  ["nothing to tell", {}, "idle"],
  ["a tool at work", { activity: "Bash", since: NOW - 12_900 }, "Bash 12 s"],
  [
    "tokens and cost against the budget",
    { usage: { tokens: 12_345, cost: 0.25 }, budget: 1.5 },
    "idle · 12,345 tokens · $0.2500 of $1.50",
  ],
  ["trouble with the link first", { link: { words: "reconnecting" } }, "reconnecting · idle"],
  [
    "the next attempt, and when the server was last heard",
    { link: { words: "reconnecting, attempt 3", nextAt: NOW + 3_100 }, heardAt: NOW - 9_000 },
    "reconnecting, attempt 3 in 4 s · last heard 9 s ago · idle",
  ],
  ["a server that was heard lately", { heardAt: NOW - 29_000 }, "idle"],
  ["a silent server", { heardAt: NOW - 47_900 }, "last heard 47 s ago · idle"],
  [
    "a tool whose name would break its line",
    { activity: "Ba\n\tsh\x1b[A" },
    "Ba sh\ufffd 16 m 40 s",
  ],
  ["queued messages", { queued: 2 }, "idle · 2 queued (Up takes the last back)"],
];

for (const [name, status, line] of LINES) {
  Deno.test(`statusRows() tells of ${name}`, () => {
    assertEquals(statusRows({ ...IDLE, ...status }, NOW, 80).map(String), [line]);
  });
}

Deno.test("statusRows() leaves nothing out on a narrow screen", () => {
  const status: Status = {
    ...IDLE,
    activity: "日本 tool",
    since: NOW - 12_000,
    usage: { tokens: 12_345, cost: 0.25 },
    budget: 1.5,
    queued: 2,
  };
  assertEquals(statusRows(status, NOW, 39).map(String), [
    "日本 tool 12 s · 12,345 tokens",
    "$0.2500 of $1.50",
    "2 queued (Up takes the last back)",
  ]);
});

Deno.test("statusReport() tells it all, and when the server was last heard", () => {
  const place = { now: NOW, sessionId: "the-session", columns: 80 };
  const report = statusReport({ ...IDLE, heardAt: NOW - 47_000 }, place);
  for (const part of ["the-session", "last heard 47 s ago", "tokens", "cost", "queued"]) {
    assert(report.includes(part), report);
  }
});

Deno.test("statusReport() is broken between words on a narrow screen", () => {
  const status = { ...IDLE, activity: "Bash", since: NOW - 12_000, heardAt: NOW - 2_000 };
  const report = statusReport(status, { now: NOW, sessionId: "s-1", columns: 36 });
  const rows = report.split("\n");
  assertEquals(rows.slice(2, 4), [
    "  link      connected, last heard 2",
    "            s ago",
  ]);
  assert(rows.every((row) => row.length <= 36), report);
});
