import { type Candidate, type Completion, NOTHING } from "./candidate.ts";
import { type Grammar, nameOf, type Option, type Word } from "./grammar.ts";
import { readFlag, scan, type Scanned } from "./scan.ts";
import type { SourceName } from "./sources.ts";
import { type ValueKind, valueKind } from "./values.ts";

/** Gives the candidates of a source, for the command line that was scanned. */
export type AskSource = (source: SourceName, line: Scanned) => Promise<readonly Candidate[]>;

/** A command line, as the program would get it, without its own name. */
export interface Line {
  /** The words before the one at the cursor. */
  readonly words: readonly string[];
  /** What there is of the word at the cursor, up to the cursor. */
  readonly current: string;
  /** The words behind that one. */
  readonly behind: readonly string[];
}

/**
 * Completes the word at the cursor. Candidates may be there that do not begin with it: what counts
 * as a match is for the shell to say.
 */
export async function complete(
  { words, current, behind }: Line,
  grammar: Grammar,
  ask: AskSource,
): Promise<Completion> {
  const line = await scan(words, grammar, behind);
  const command = line.path.slice(1).map(({ name }) => name).join(" ");
  const value = async (option: Option, text: string) => {
    const kind = valueKind(command, nameOf(option), option.valueName);
    return kind.kind === "text" && option.values !== undefined
      ? { candidates: option.values.map((each) => ({ value: each })) }
      : await completeValue(kind, text, line, ask);
  };
  if (line.pending !== undefined) return await value(line.pending, current);
  if (!line.literal && current.startsWith("-")) {
    const flag = readFlag(current, line.own, grammar.globals);
    if (flag.value === undefined) {
      const isShort = /^-[^-]/.test(current);
      return { candidates: flagCandidates(line, grammar, isShort) };
    }
    if (flag.option?.takesValue !== true) return NOTHING;
    return after(flag.head, await value(flag.option, flag.value));
  }
  const node = line.path.at(-1) ?? grammar.root;
  if (command === "help") return { candidates: await explained(line.positionals, grammar) };
  if (node.children !== undefined) {
    return { candidates: line.positionals.length > 0 ? [] : node.children.map(asCandidate) };
  }
  const position = String(line.positionals.length + 1);
  const argument = await completeValue(valueKind(command, position), current, line, ask);
  const isEmpty = argument.candidates.length === 0 && argument.files !== true;
  return isEmpty && current === "" && !line.literal
    ? { candidates: flagCandidates(line, grammar) }
    : argument;
}

async function completeValue(
  kind: ValueKind,
  current: string,
  line: Scanned,
  ask: AskSource,
): Promise<Completion> {
  switch (kind.kind) {
    case "text":
      return NOTHING;
    case "files":
      return { candidates: [], files: true };
    case "words":
      return { candidates: kind.words };
    case "source":
      return { candidates: await ask(kind.source, line) };
    case "list":
      return await completeList(kind, current, line, ask);
    case "any": {
      const all = await Promise.all(kind.of.map((each) => completeValue(each, current, line, ask)));
      return {
        candidates: all.flatMap(({ candidates }) => candidates),
        open: all.some(({ open, candidates }) =>
          open === true && candidates.some(({ value }) => value.startsWith(current))
        ),
      };
    }
  }
}

/** Completes the last item; those before it are not offered again. */
async function completeList(
  { items, prefix }: Extract<ValueKind, { kind: "list" }>,
  current: string,
  line: Scanned,
  ask: AskSource,
): Promise<Completion> {
  const start = prefix?.value ?? "";
  if (prefix !== undefined && !current.startsWith(start)) {
    return { candidates: [prefix], open: true };
  }
  const parts = splitItems(current.slice(start.length));
  const before = parts.slice(0, -1);
  const { candidates } = await completeValue(items, parts.at(-1) ?? "", line, ask);
  const head = start + before.map((part) => `${part},`).join("");
  const left = candidates.filter(({ value }) => !before.includes(value));
  return { ...after(head, { candidates: left }), open: true };
}

/** Splits at commas that are not within parentheses. */
function splitItems(text: string): string[] {
  const items = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (character === "," && depth <= 0) items.push("");
    else items[items.length - 1] += character;
  }
  return items;
}

/** The same candidates behind what stands already. */
function after(head: string, completion: Completion): Completion {
  const candidates = completion.candidates.map(({ value, ...rest }) => ({
    value: head + value,
    ...rest,
  }));
  return { ...completion, candidates };
}

/** The options that may still be given: the required ones first, those of every command last. */
function flagCandidates(
  { own, given }: Scanned,
  { globals }: Grammar,
  isShort = false,
): Candidate[] {
  const taken = new Set(own.flatMap(({ flags }) => flags));
  const shared = globals.filter(({ flags }) => !flags.some((flag) => taken.has(flag)));
  const names = new Set([...given.keys()].map(nameOf));
  const isOpen = (option: Option) =>
    option.hidden !== true && !names.has(opposite(nameOf(option))) &&
    (option.repeatable === true || !given.has(option));
  const required = own.filter(({ required }) => required);
  const others = own.filter(({ required }) => !required);
  return [...required, ...others, ...shared].filter(isOpen).flatMap((option) => {
    const values = isShort ? option.flags.filter((flag) => /^-[^-]/.test(flag)) : [nameOf(option)];
    return values.map((value) => ({ value, description: option.description }));
  });
}

/** `--no-x` for `--x`, and the other way round. */
function opposite(flag: string): string {
  return flag.startsWith("--no-") ? flag.replace("--no-", "--") : flag.replace("--", "--no-");
}

/** What `help` can be asked about: topics and commands, then the commands of a group. */
async function explained(
  words: readonly string[],
  { root, topics }: Grammar,
): Promise<Candidate[]> {
  let node: Word | undefined = root;
  for (const word of words) node = node?.children?.find(({ name }) => name === word);
  const commands = (node?.children ?? []).map(asCandidate);
  return words.length === 0 ? [...await topics(), ...commands] : commands;
}

function asCandidate({ name, summary }: Word): Candidate {
  return { value: name, description: summary };
}
