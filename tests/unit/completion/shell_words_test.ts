import { assertEquals } from "@std/assert";
import {
  decodePowerShellWord,
  decodeWord,
  type Quote,
  quoteForBash,
  quoteForPowerShell,
  splitLine,
} from "../../../src/completion/shell_words.ts";
import { runProgram } from "../../support/program.ts";
import { testWith, tool } from "../../support/skip.ts";

const DECODED: [raw: string, text: string, quote: Quote, quoted?: string][] = [
  ["", "", ""],
  ["plain", "plain", ""],
  ["a\\ b", "a b", ""],
  ["'a b'", "a b", ""],
  ["'a \"b", 'a "b', "'", 'a "b'],
  ["\"a 'b", "a 'b", '"', "a 'b"],
  ['"a\\"b\\$c\\d"', 'a"b$c\\d', ""],
  ["a'b c'\\'d", "ab c'd", ""],
  ["--name='night sh", "--name=night sh", "'", "night sh"],
  ["trailing\\", "trailing", ""],
  ["'x'$'a b", "xa b", "$'", "a b"],
  ["$HOME/x", "$HOME/x", ""],
];

for (const [raw, text, quote, quoted] of DECODED) {
  Deno.test(`decodeWord() reads ${JSON.stringify(raw)}`, () => {
    const quotedFrom = quoted === undefined ? 0 : raw.length - quoted.length;
    assertEquals(decodeWord(raw), { text, quote, quotedFrom });
  });
}

const DECODED_BY_POWERSHELL: [raw: string, text: string][] = [
  ["plain", "plain"],
  ["", ""],
  ["'a b", "a b"],
  ["'a b'", "a b"],
  ["'it''s", "it's"],
  ["'it''", "it'"],
  ["'it'''", "it'"],
  ['"a b"', "a b"],
  ['"say `"hi`"', 'say "hi"'],
  ["a` b", "a b"],
  ["C:\\dir", "C:\\dir"],
];

for (const [raw, text] of DECODED_BY_POWERSHELL) {
  Deno.test(`decodePowerShellWord() reads ${JSON.stringify(raw)}`, () => {
    assertEquals(decodePowerShellWord(raw), text);
  });
}

const LINES: [line: string, words: string[], raw: string, redirected?: boolean][] = [
  ["limacharlie", [], "limacharlie"],
  ["limacharlie ", [], ""],
  ["limacharlie ai se", ["ai"], "se"],
  ["  limacharlie   ai\tsession ", ["ai", "session"], ""],
  ["LC_OID=1 LC_UID='a b' limacharlie ai ", ["ai"], ""],
  ["limacharlie A=b ", ["A=b"], ""],
  ['limacharlie --oid "a b" x\\ y "un', ["--oid", "a b", "x y"], '"un'],
  ["limacharlie 'a\\' b", ["a\\"], "b"],
  ['limacharlie "a\\" b', [], '"a\\" b'],
  ["limacharlie ai > out", ["ai"], "out", true],
  ["limacharlie ai >out --x ", ["ai", "--x"], ""],
  ["limacharlie ai 2>/dev/null >> log ", ["ai"], ""],
  ["limacharlie ai <", ["ai"], "", true],
  ["limacharlie a2> f", ["a2"], "f", true],
  ["limacharlie ai &> f", ["ai"], "f", true],
];

for (const [line, words, raw, redirected = false] of LINES) {
  Deno.test(`splitLine() takes ${JSON.stringify(line)} apart`, () => {
    assertEquals(splitLine(line), { words, raw, redirected, behind: [] });
  });
}

const BEHIND: [line: string, rest: string, behind: string[]][] = [
  ["limacharlie --id ", " --oid o", ["--oid", "o"]],
  ["limacharlie --id ab", "cd --oid 'o p'", ["--oid", "o p"]],
  ["limacharlie --id ", "abcd --oid o ", ["--oid", "o"]],
  ['limacharlie --id "a', ' b" --oid o >log', ["--oid", "o"]],
  ['limacharlie --id "a', " b --oid o", []],
];

for (const [line, rest, behind] of BEHIND) {
  Deno.test(`splitLine() finds what is behind ${JSON.stringify([line, rest])}`, () => {
    assertEquals(splitLine(line, rest).behind, behind);
  });
}

/** Texts that a shell would act on. */
const HOSTILE = [
  "plain-1.2_3:4=5,6/7@8%9+0",
  "night shift/tier 1",
  "$(touch /tmp/no) `id` $HOME ${x}",
  "a;b|c&d>e<f(g)h{i}j[k]l*m?n~o#p",
  "~root",
  "#comment",
  'it\'s "quoted" \\ twice',
  "Bash(git log *)",
  "ü 猫 🦊",
  "-- !x ^y",
];

testWith([tool("bash")], "quoteForBash() makes words that bash reads as they were", async () => {
  const script = HOSTILE.map((text) =>
    ["", "'", '"'].map((quote) => {
      const quoted = quoteForBash(text, quote as Quote);
      return quoted === undefined ? "" : `printf '%s\\n' ${quote}${quoted}${quote}\n`;
    }).join("")
  ).join("");
  const { stdout, stderr } = await runProgram(["-c", script], {
    command: ["/bin/bash", "--norc", "--noprofile"],
  });
  const expected = HOSTILE.flatMap((text) =>
    text.includes("!") ? [text, text] : [text, text, text]
  );
  assertEquals({ stdout, stderr }, {
    stdout: expected.map((text) => `${text}\n`).join(""),
    stderr: "",
  });
});

Deno.test("quoteForBash() gives up on history within double quotes, and on $'…'", () => {
  assertEquals(quoteForBash("a!b", '"'), undefined);
  assertEquals(quoteForBash("ab", "$'"), undefined);
});

Deno.test("quoteForPowerShell() quotes what PowerShell would act on, and nothing else", () => {
  const words = ["--status", "--status=running", "a.b/c:d", "night shift", "it's", "a,b", "$x", ""];
  assertEquals(words.map(quoteForPowerShell), [
    "--status",
    "--status=running",
    "a.b/c:d",
    "'night shift'",
    "'it''s'",
    "'a,b'",
    "'$x'",
    "''",
  ]);
  assertEquals(quoteForPowerShell("--model=gpt-5.1"), "'--model=gpt-5.1'");
  assertEquals(quoteForPowerShell("typo\u{2019}s"), "'typo\u{2019}\u{2019}s'");
});
