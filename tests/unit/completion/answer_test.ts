import { assertEquals } from "@std/assert";
import { readQuestion } from "../../../src/completion/answer.ts";
import type { Completion } from "../../../src/completion/candidate.ts";
import { ACTIVE, ATTACKS } from "../../support/attacks.ts";

const SESSIONS: Completion = {
  candidates: [
    { value: "7c1f0a52", description: "running, 3 min ago, Triage" },
    { value: "7c1f9999", description: "ended, 2 h ago" },
  ],
};

const TEMPLATES: Completion = {
  candidates: [{ value: "tier 1/phishing" }, { value: "triage:bot" }, { value: "it's $HOME!" }],
};

/** What a script gets to read, line by line. */
function answer(completion: Completion, ...args: string[]): string[] | undefined {
  return readQuestion(args)?.answer(completion).split("\n").slice(0, -1);
}

function bash(line: string, replaced: string, type = "9"): string[] {
  return ["bash", type, "60", replaced, line];
}

Deno.test("readQuestion() reads what each script asks", () => {
  const asked = (...args: string[]) => {
    const { words, current, behind, redirected } = readQuestion(args) ?? {};
    return { words, current, behind, redirected };
  };
  const expected = { words: ["ai", "a b"], current: "se x", behind: ["z"], redirected: false };
  assertEquals(asked(...bash('limacharlie ai "a b" se\\ x', "se\\ x"), "y z"), expected);
  assertEquals(asked("zsh", "80", "2", "ai", "a b", "se x", "z"), expected);
  assertEquals(asked("fish", "ai", "a b", "'se x"), { ...expected, behind: [] });
  assertEquals(asked("powershell", "2", "ai", "a b", "='se x", "z"), expected);
  const nothing = { words: ["ai"], current: "", behind: [], redirected: false };
  assertEquals(asked("powershell", "1", "ai", "="), nothing);
  assertEquals(asked("fish", "ai", ""), nothing);
  assertEquals(asked(...bash("limacharlie ai >se", "se")).redirected, true);
});

Deno.test("readQuestion() knows no other shell", () => {
  assertEquals([readQuestion([]), readQuestion(["tcsh", ""])], [undefined, undefined]);
});

Deno.test("readQuestion() answers bash with what fits, quoted as the word is", () => {
  const words = (line: string, replaced: string) => answer(TEMPLATES, ...bash(line, replaced));
  assertEquals(words("limacharlie -d ", ""), [
    ":",
    "tier\\ 1/phishing",
    "triage:bot",
    "it\\'s\\ \\$HOME\\!",
  ]);
  assertEquals(words("limacharlie -d ti", "ti"), [":", "tier\\ 1/phishing"]);
  assertEquals(words("limacharlie -d tier\\ 1", "tier\\ 1"), [":", "tier\\ 1/phishing"]);
  assertEquals(words('limacharlie -d "ti', "ti"), [":", "tier 1/phishing"]);
  assertEquals(words('limacharlie -d "i', "i"), [":"]);
  assertEquals(words("limacharlie -d 'i", "i"), [":", "it'\\''s $HOME!"]);
  assertEquals(words("limacharlie -d x", "x"), [":"]);
});

Deno.test("readQuestion() answers bash with the part that it replaces, wherever it breaks words", () => {
  const completion = { candidates: [{ value: "--definition=triage:bot" }] };
  for (
    const [replaced, rest] of [["tri", "triage:bot"], [
      "--definition=tri",
      "--definition=triage:bot",
    ]] as const
  ) {
    assertEquals(answer(completion, ...bash("limacharlie --definition=tri", replaced)), [
      ":",
      rest,
    ]);
  }
  assertEquals(answer(completion, ...bash("limacharlie --definition=triage:", "")), [":", "bot"]);
  // What is no part of the line is nothing that could be replaced.
  assertEquals(answer(completion, ...bash("limacharlie --definition=tri", "else")), [":"]);
});

Deno.test("readQuestion() answers bash with what goes behind an open quote, whoever asks", () => {
  for (const replaced of ['"ti', "ti"]) {
    const asked = bash('limacharlie --definition="ti', replaced);
    const completion = { candidates: [{ value: "--definition=tier 1/phishing" }] };
    assertEquals(answer(completion, ...asked), [":", "tier 1/phishing"]);
  }
});

Deno.test("readQuestion() shows bash descriptions only where it lists, a line each", () => {
  const line = "limacharlie --id 7";
  assertEquals(answer(SESSIONS, ...bash(line, "7")), [":", "7c1f0a52", "7c1f9999"]);
  const listed = answer(SESSIONS, ...bash(line, "7", "63"));
  assertEquals(listed?.map((each) => each.trimEnd()), [
    ":",
    "7c1f0a52  running, 3 min ago, Triage",
    "7c1f9999  ended, 2 h ago",
  ]);
  assertEquals(listed?.slice(1).every(({ length }) => length > 30 && length <= 58), true);
  const one = bash("limacharlie --id 7c1f0", "7c1f0", "63");
  assertEquals(answer(SESSIONS, ...one), [":", "7c1f0a52"]);
});

Deno.test("readQuestion() puts the space behind whole words for a bash that cannot leave it out", () => {
  const old = (line: string, replaced: string, completion: Completion) =>
    answer(completion, ...bash(line, replaced, "plain"));
  assertEquals(old("limacharlie --id 7c1f0", "7c1f0", SESSIONS), [":", "7c1f0a52 "]);
  assertEquals(old('limacharlie --id "7c1f0', "7c1f0", SESSIONS), [":", "7c1f0a52"]);
  assertEquals(old("limacharlie --id 7c1f0", "7c1f0", { ...SESSIONS, open: true }), [
    ":open",
    "7c1f0a52",
  ]);
});

Deno.test("readQuestion() answers zsh with everything, and with lines to show", () => {
  assertEquals(answer({ ...SESSIONS, open: true }, "zsh", "36", "1", "--id", "x"), [
    ":open",
    "7c1f0a52\t7c1f0a52  -- running, 3 min ago...",
    "7c1f9999\t7c1f9999  -- ended, 2 h ago",
  ]);
});

Deno.test("readQuestion() answers fish with candidates and descriptions", () => {
  assertEquals(answer({ ...TEMPLATES, files: true }, "fish", "--id", ""), [
    ":files",
    "tier 1/phishing\t",
    "triage:bot\t",
    "it's $HOME!\t",
  ]);
});

Deno.test("readQuestion() answers fish with what is meant by its value, not by its description", () => {
  const values = (current: string) =>
    answer(SESSIONS, "fish", "--id", current)?.map((line) => line.split("\t")[0]);
  assertEquals(values("r"), [":"]);
  assertEquals(values("'7F"), [":", "7c1f0a52", "7c1f9999"]);
  assertEquals(values("f0.52"), [":"]);
  assertEquals(answer(TEMPLATES, "fish", "-d", "'it\\'s"), [":", "it's $HOME!\t"]);
});

Deno.test("readQuestion() answers PowerShell with quoted words and tooltips", () => {
  assertEquals(answer(TEMPLATES, "powershell", "1", "--id", "=ti"), [
    ":",
    "'tier 1/phishing'\ttier 1/phishing\ttier 1/phishing",
  ]);
  assertEquals(answer(SESSIONS, "powershell", "1", "--id", "=7c1f9"), [
    ":",
    "7c1f9999\t7c1f9999\tended, 2 h ago",
  ]);
});

const QUESTIONS = [
  bash("limacharlie ", ""),
  bash("limacharlie ", "", "63"),
  ["zsh", "80", "0", ""],
  ["fish", ""],
  ["powershell", "0", "="],
];

for (const question of QUESTIONS) {
  Deno.test(`readQuestion() offers ${question.join(" ").trim()} no candidate that a terminal acts on`, () => {
    const hostile = ATTACKS.map(([, attack]) => ({ value: attack, description: "x" }));
    const lines = ["a\nb", "a\tb", "", "good", "good"].map((value) => ({ value }));
    const shown = answer({ candidates: [...hostile, ...lines] }, ...question);
    assertEquals(shown?.map((line) => line.trim().split("\t")[0]), [":", "good"]);
  });

  Deno.test(`readQuestion() tells ${question.join(" ").trim()} no description that a terminal acts on`, () => {
    for (const [name, attack] of ATTACKS) {
      const candidates = ["a", "b"].map((value) => ({ value, description: `x\n${attack}\ty` }));
      const shown = answer({ candidates }, ...question);
      assertEquals(shown?.length, 3, name);
      assertEquals(ACTIVE.exec(shown?.join("\n") ?? ""), null, name);
    }
  });
}
