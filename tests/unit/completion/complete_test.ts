import { assertEquals } from "@std/assert";
import type { Candidate } from "../../../src/completion/candidate.ts";
import { complete } from "../../../src/completion/complete.ts";
import { GRAMMAR } from "./grammar.ts";

/** Completes with sources that say their name, as far as they match. */
async function completed(line: string, ...behind: string[]) {
  const words = line.split(" ");
  const current = words.pop() ?? "";
  const ask = (source: string): Promise<Candidate[]> =>
    Promise.resolve(source.startsWith("tool") ? TOOLS : [{ value: `<${source}>` }]);
  const { candidates, files, open } = await complete(
    { words, current, behind },
    GRAMMAR,
    ask,
  );
  return {
    values: candidates.map(({ value }) => value).filter((value) => value.startsWith(current)),
    ...(files ? { files } : {}),
    ...(open ? { open } : {}),
  };
}

const TOOLS = ["Bash", "Read", "Bash(git log *, x)"].map((value) => ({ value }));

const GLOBAL = ["--oid", "--env", "--output", "--ca-file", "--quiet", "--help"];

const CASES: [line: string, expected: Awaited<ReturnType<typeof completed>>][] = [
  ["", { values: ["ai", "auth", "help"] }],
  ["a", { values: ["ai", "auth"] }],
  ["ai ", { values: ["chat", "session", "start-session"] }],
  ["ai oops ", { values: [] }],
  ["--quiet ai se", { values: ["session"] }],
  // Values by the table.
  ["ai session attach --id ", { values: ["<sessions>"] }],
  ["ai session attach --id=", { values: ["--id=<sessions>"] }],
  ["ai start-session --definition <", { values: ["<templates>"] }],
  ["ai start-session --env <", { values: [] }],
  ["--env <", { values: ["<environments>"] }],
  ["auth use-env <", { values: ["<environments>"] }],
  ["ai chat --permission-mode p", { values: ["plan"] }],
  ["--ca-file x", { values: [], files: true }],
  ["--ca-file=x", { values: [], files: true }],
  // Values of an enumeration.
  ["--output j", { values: ["json", "jsonl"] }],
  ["--output=jsonl", { values: ["--output=jsonl"] }],
  ["-oj", { values: ["-ojson", "-ojsonl"] }],
  // Lists.
  ["ai chat --allowed-tools R", { values: ["Read"], open: true }],
  ["ai chat --allowed-tools Read,", {
    values: ["Read,Bash", "Read,Bash(git log *, x)"],
    open: true,
  }],
  ["ai chat --allowed-tools=Read,R", { values: [], open: true }],
  ["ai chat --allowed-tools Bash(a,b),R", { values: ["Bash(a,b),Read"], open: true }],
  ["ai chat --on-approval d", { values: ["deny"] }],
  ["ai chat --on-approval a", { values: ["allow:"], open: true }],
  ["ai chat --on-approval allow:Bash,R", { values: ["allow:Bash,Read"], open: true }],
  // Flags.
  ["ai session attach ", {
    values: ["--id", "--raw", "--no-history", "--answer", "--interactive", ...GLOBAL],
  }],
  ["ai session attach --id x --raw --answer a=b --", {
    values: ["--no-history", "--answer", "--interactive", ...GLOBAL],
  }],
  ["ai session attach -", {
    values: ["--id", "--raw", "--no-history", "--answer", "--interactive", ...GLOBAL],
  }],
  ["ai session attach -i", { values: ["-i"] }],
  ["ai start-session --one-shot --no", { values: [] }],
  ["ai start-session --e", { values: ["--env"] }],
  ["--raw", { values: [] }],
  ["--quiet=", { values: [] }],
  ["ai chat -- --", { values: [] }],
  // Help.
  ["help ", { values: ["security", "ai", "auth", "help"] }],
  ["help ai se", { values: ["session"] }],
  ["help security ", { values: [] }],
];

for (const [line, expected] of CASES) {
  Deno.test(`complete() completes "limacharlie ${line}"`, async () => {
    assertEquals(await completed(line), expected);
  });
}

Deno.test("complete() offers no flag again that stands behind the cursor", async () => {
  const { values } = await completed("ai session attach --", "--raw", "--id", "x", "--quiet");
  assertEquals(
    values,
    ["--no-history", "--answer", "--interactive", ...GLOBAL].filter((flag) => flag !== "--quiet"),
  );
});

Deno.test("complete() describes commands and flags", async () => {
  const ask = () => Promise.resolve([]);
  const { candidates: [command] } = await complete(
    { words: ["ai"], current: "", behind: [] },
    GRAMMAR,
    ask,
  );
  assertEquals(command, { value: "chat", description: "Talk" });
  const { candidates: [flag] } = await complete(
    { words: ["ai", "session", "attach"], current: "--", behind: [] },
    GRAMMAR,
    ask,
  );
  assertEquals(flag, { value: "--id", description: "About --id" });
});
