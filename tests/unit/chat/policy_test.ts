import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CliError } from "../../../src/app/errors.ts";
import { ExitCode } from "../../../src/app/exit_codes.ts";
import type { AskContext } from "../../../src/chat/asker.ts";
import { parseExactJson } from "../../../src/protocol/exact_json.ts";
import { PolicyAsker, readPolicy } from "../../../src/chat/policy.ts";

const CONTEXT: AskContext = {
  deadline: 0,
  place: () => ({ number: 1, of: 1 }),
  signal: new AbortController().signal,
  isAgain: false,
  linkTrouble: () => undefined,
  draft: { answers: new Map() },
};

/** What `--on-approval` decides about one call. */
async function decide(onApproval: string, tool: string, input: unknown): Promise<boolean> {
  const asker = new PolicyAsker(readPolicy(onApproval), { notice() {} });
  const answer = await asker.approval({
    type: "tool_approval_request",
    payload: { tool_use_id: "t1", tool_name: tool, tool_input: input },
  }, CONTEXT);
  if (answer === undefined || answer === "later") throw new Error(`Not decided: ${answer}`);
  assertEquals(answer.approval_scope, "once");
  return answer.approved;
}

const GIT = "allow:Bash(git *)";
const TMP = "allow:Read(/tmp/*)";
const PREFIX = "allow:Bash(npm run test:*)";
const DOMAIN = "allow:WebFetch(domain:example.com)";
const WEB = "allow:WebFetch(https://*.example.com/*)";
const MCP = 'allow:mcp__case({"id":"*"})';

/** Calls by what a pattern says about them. */
const CALLS: readonly [policy: string, tool: string, input: unknown, allowed: boolean][] = [
  ["allow:Read,Grep", "Grep", { pattern: "x", path: "/" }, true],
  ["allow:Read,Grep", "Read ", {}, false],
  ["allow:mcp__docs__*", "mcp__docs__search", {}, true],
  ["allow:mcp__docs__*", "mcp__host__isolate", {}, false],
  ["allow:Bash(*)", "Bash", { command: "a; b", env: {} }, true],
  ["allow:Bash(python -c f(*))", "Bash", { command: "python -c f(1)" }, true],
  [GIT, "Bash", { command: "git status", description: "look", timeout: 5 }, true],
  [GIT, "BashOutput", { command: "git status" }, false],
  ...[
    "; rm -rf /",
    " && id",
    "|sh",
    "`id`",
    "$(id)",
    " > /etc/passwd",
    "\nid",
    "\r\nid",
    " \0id",
    "&",
  ]
    .map((end): [string, string, unknown, boolean] => [
      GIT,
      "Bash",
      { command: `git status${end}` },
      false,
    ]),
  ...[
    "FOO=1 git status",
    " git status",
    "\tgit status",
    "git\tstatus; id",
    "/tmp/git status",
    "git",
  ]
    .map((command): [string, string, unknown, boolean] => [GIT, "Bash", { command }, false]),
  // As Claude's own settings have it: a command as it stands, or with more behind it.
  ...["", " --watch", ":unit", ":unit -v"].map((end): [string, string, unknown, boolean] => [
    PREFIX,
    "Bash",
    { command: `npm run test${end}` },
    true,
  ]),
  ...["ing", "; id", " && id", " $(id)", "\nid", ":`id`", " > /etc/passwd"]
    .map((end): [string, string, unknown, boolean] => [
      PREFIX,
      "Bash",
      { command: `npm run test${end}` },
      false,
    ]),
  [PREFIX, "Bash", { command: "npm run test", cwd: "/tmp/evil" }, false],
  [PREFIX, "Read", { file_path: "npm run test" }, false],
  [DOMAIN, "WebFetch", { url: "https://example.com/a?b", prompt: "read" }, true],
  [DOMAIN, "WebFetch", { url: "http://example.com" }, true],
  [DOMAIN, "WebFetch", { url: "https://docs.example.com/" }, false],
  [DOMAIN, "WebFetch", { url: "https://example.com.evil.org/" }, false],
  [DOMAIN, "WebFetch", { url: "https://example.com@evil.org/" }, false],
  [DOMAIN, "WebFetch", { url: "https://example.com\\@evil.org/" }, false],
  [DOMAIN, "WebFetch", { url: "file://example.com/etc" }, false],
  ["allow:mcp__docs", "mcp__docs__search", {}, true],
  ["allow:mcp__docs", "mcp__docs2__search", {}, false],
  // What goes along with a command can change what it does.
  [GIT, "Bash", { command: "git log", env: { GIT_PAGER: "sh" } }, false],
  [GIT, "Bash", { command: "git log", cwd: "/tmp/evil" }, false],
  [GIT, "Bash", { command: ["git log"] }, false],
  [GIT, "Bash", { Command: "git log; id" }, false],
  [TMP, "Read", { file_path: "/tmp/a/b", limit: 3 }, true],
  [TMP, "Read", { file_path: "/tmp/../etc/shadow" }, false],
  [TMP, "Read", { file_path: "/tmp/.." }, false],
  [TMP, "Read", { file_path: "/tmp/..a" }, true],
  [TMP, "Read", { file_path: "/tmp/a\\..\\..\\etc" }, false],
  // Which of the two the tool goes by, nobody knows.
  [TMP, "Read", { command: "/tmp/x", file_path: "/etc/shadow" }, false],
  [TMP, "Read", { file_path: "/etc/shadow", path: "/tmp/x" }, false],
  // Some tools read the names of fields in any case.
  [TMP, "Read", { file_path: "/tmp/x", File_Path: "/etc/shadow" }, false],
  [TMP, "Read", { FILE_PATH: "/tmp/x" }, false],
  [WEB, "WebFetch", { url: "https://docs.example.com/a?b=c", prompt: "read" }, true],
  [WEB, "WebFetch", { url: "https://evil.org/.example.com/" }, false],
  [WEB, "WebFetch", { url: "https://evil.org?.example.com/" }, false],
  [WEB, "WebFetch", { url: "https://docs.example.com@evil.org/" }, false],
  ["allow:WebFetch(https://h/public/*)", "WebFetch", { url: "https://h/public/%2E./x" }, false],
  [MCP, "mcp__case", { id: "7" }, true],
  [MCP, "mcp__case", { id: "7", erase: "all" }, false],
];

for (const [policy, tool, input, allowed] of CALLS) {
  Deno.test(`PolicyAsker.approval() by ${policy} ${allowed ? "allows" : "denies"} ${tool} ${JSON.stringify(input)}`, async () => {
    assertEquals(await decide(policy, tool, input), allowed);
  });
}

Deno.test("PolicyAsker.approval() decides about an input of any depth", async () => {
  let deep: unknown = 1;
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  assertEquals(await decide('allow:mcp__case({"id":"*"})', "mcp__case", { deep }), false);
});

Deno.test("PolicyAsker.approval() goes by no field that stands twice", async () => {
  const text = `{"tool_input":{"command":"rm -rf /","command":"git log"}}`;
  const { tool_input } = parseExactJson(text) as { tool_input: unknown };
  assertEquals(await decide(GIT, "Bash", tool_input), false);
  assertEquals(await decide("allow:Bash", "Bash", tool_input), true);
});

const MISTAKES = [
  "allow:",
  "allow: , ",
  "allow:(x)",
  "allow:Bash(git *",
  "allow:Bash(git *)x",
  "allow:Bash)",
  "allow:Read,Bash(git (log) *",
  "allow",
  "",
];

for (const value of MISTAKES) {
  Deno.test(`readPolicy() takes "${value}" for bad usage`, () => {
    const error = assertThrows(() => readPolicy(value), CliError);
    assertEquals(error.exitCode, ExitCode.Usage);
    assertStringIncludes(error.message, "--on-approval");
  });
}

/** What `--answer` answers to questions, and what is said about it. */
async function answer(values: readonly string[], questions: readonly object[]) {
  const notices: string[] = [];
  const asker = new PolicyAsker(readPolicy(undefined, values), {
    notice: (text) => notices.push(text),
  });
  const response = await asker.questions(
    { type: "ask_user_question", payload: { question_id: "q1", questions } },
    CONTEXT,
  );
  asker.tellUnused();
  return { response, notices };
}

const SCOPE = { header: "Scope", question: "How far?", options: ["One host", "All hosts"] };
const MANY = { ...SCOPE, multiSelect: true };
const NUMBERS = { header: "N", question: "How many?", options: ["2", "1"] };

const ANSWERS: readonly [values: string[], question: object, answer: string][] = [
  [["Scope=2"], SCOPE, "All hosts"],
  [["Scope=all hosts"], SCOPE, "All hosts"],
  [["Scope=One host"], SCOPE, "One host"],
  [["Scope=1, all hosts"], MANY, "One host, All hosts"],
  [["Scope=a=b"], { header: "Scope", question: "?" }, "a=b"],
  // Who writes a script sees no numbers.
  [["N=1"], NUMBERS, "1"],
  [["How far?=x"], { question: "How far?" }, "x"],
];

for (const [values, question, expected] of ANSWERS) {
  Deno.test(`PolicyAsker.questions() by ${values} answers ${JSON.stringify(question)} by ${expected}`, async () => {
    const { response, notices } = await answer(values, [question]);
    assertEquals(response, {
      question_id: "q1",
      answers: { [values[0]?.split("=")[0] ?? ""]: expected },
    });
    assertEquals(notices, []);
  });
}

Deno.test("PolicyAsker.questions() says so when its value is none of the options", async () => {
  const { response, notices } = await answer(["Scope=everything"], [SCOPE]);
  assertEquals(response?.answers, { Scope: "everything" });
  assertEquals(notices.length, 1);
  assertStringIncludes(notices[0] ?? "", "everything");
});

Deno.test("PolicyAsker.tellUnused() says which answers nothing asked for", async () => {
  const { response, notices } = await answer(["Scpoe=1", "Scope=1"], [SCOPE]);
  assertEquals(response?.answers, { Scope: "One host" });
  assertEquals(notices.length, 1);
  assertStringIncludes(notices[0] ?? "", "Scpoe");
});

Deno.test("PolicyAsker.questions() with answers to only some leaves all of them open", async () => {
  const { response } = await answer(["Scope=1"], [SCOPE, { header: "Why", question: "Why?" }]);
  assertEquals(response, undefined);
});

Deno.test("readPolicy() takes an answer without a header, or a second one, for bad usage", () => {
  for (const values of [["x"], ["=x"], ["A=1", "A=2"]]) {
    const error = assertThrows(() => readPolicy(undefined, values), CliError);
    assertEquals(error.exitCode, ExitCode.Usage);
    assertStringIncludes(error.message, "--answer");
  }
});
