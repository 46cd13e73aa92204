import { type Question, readQuestion } from "../completion/answer.ts";
import { complete } from "../completion/complete.ts";
import { type Grammar, nameOf, type Option, type Word } from "../completion/grammar.ts";
import type { Scanned } from "../completion/scan.ts";
import { Sources } from "../completion/sources.ts";
import { COMMANDS, resolvePath } from "./command_tree.ts";
import { type GlobalFlags, OUTPUT_FORMATS, type Process } from "./deps.ts";
import { ExitCode } from "./exit_codes.ts";
import { GLOBAL_FLAGS } from "./global_flags.ts";
import { makeDeps } from "./make_deps.ts";
import { valuesOf } from "./option_values.ts";

/**
 * Answers a shell that asks what the word at the cursor may become. Nothing else is printed,
 * nothing is asked, and whatever goes wrong, there are just no candidates.
 *
 * @param args what the shell's script asks
 */
export async function answerCompletion(
  args: readonly string[],
  process: Process,
): Promise<ExitCode> {
  const question = readQuestion(args);
  if (question === undefined) return ExitCode.Usage;
  const completion = question.redirected
    ? { candidates: [], files: true }
    : await completeFor(question, process).catch(() => ({ candidates: [] }));
  process.terminal.stdout.write(question.answer(completion));
  return ExitCode.Done;
}

async function completeFor(question: Question, process: Process) {
  const grammar = grammarOf(process);
  return await complete(
    question,
    grammar,
    (source, line) => sourcesFor(line, grammar, process).get(source),
  );
}

/** The values of the person that the global flags of the line make the caller. */
function sourcesFor({ given }: Scanned, { globals }: Grammar, process: Process): Sources {
  const last = (flag: string) => {
    const option = globals.find((each) => nameOf(each) === flag);
    return option === undefined ? undefined : given.get(option)?.at(-1);
  };
  const flags = {
    ...withValue("oid", last("--oid")),
    ...withValue("env", last("--env")),
    ...withValue("caFile", last("--ca-file")),
  };
  return new Sources({
    env: process.env,
    clock: process.clock,
    asker: flags,
    connect: (signal) => silentDeps(process, { ...SILENT, ...flags }, signal).connect(),
  });
}

function withValue<Key extends string>(key: Key, value: string | undefined) {
  return value === undefined ? {} : { [key]: value } as { [K in Key]: string };
}

const SILENT: GlobalFlags = {
  reverse: false,
  wide: false,
  quiet: true,
  debug: false,
  debugFull: false,
  debugCurl: false,
  noColor: true,
};

/** What connecting needs, with nobody to tell or to ask anything. */
function silentDeps(process: Process, flags: GlobalFlags, signal: AbortSignal) {
  const { stderr } = process.terminal;
  const silent = { ...process.terminal, stderr: { ...stderr, write: () => {} } };
  return makeDeps(
    { ...process, terminal: silent, signal: AbortSignal.any([process.signal, signal]) },
    flags,
    () => {},
  );
}

function grammarOf(process: Process): Grammar {
  const globals: Option[] = GLOBAL_FLAGS.map(({ name, short, value, description }) => ({
    flags: [`--${name}`, ...(short === undefined ? [] : [`-${short}`])],
    description,
    takesValue: value !== undefined,
    ...(value === undefined ? {} : { valueName: value }),
    ...(name === "output" ? { values: OUTPUT_FORMATS } : {}),
  }));
  const others: Option[] = [
    { flags: ["--version"], description: "Print the version", takesValue: false },
    { flags: ["--help", "-h"], description: "Show the help", takesValue: false },
  ];
  return {
    root: COMMANDS,
    globals: [...globals, ...others],
    topics: async () => {
      const { TOPICS } = await import("../help/topics.ts");
      return TOPICS.map(({ name, summary }) => ({ value: name, description: summary }));
    },
    optionsOf: async (path) => await optionsOf(path, process),
  };
}

async function optionsOf(path: readonly Word[], process: Process): Promise<Option[]> {
  const load = resolvePath(path.slice(1).map(({ name }) => name)).at(-1)?.load;
  if (load === undefined) return [];
  const command = (await load())(makeDeps(process, SILENT, () => {}));
  const known = valuesOf(command);
  return command.getBaseOptions(true).map((option): Option => {
    const [argument] = option.args;
    const values = known.get(option.flags[0] ?? "");
    return {
      flags: option.flags,
      description: option.description,
      takesValue: option.args.some((arg) => !arg.optional),
      repeatable: option.collect === true,
      required: option.required === true,
      hidden: option.hidden === true,
      ...(argument?.name === undefined ? {} : { valueName: argument.name }),
      ...(values === undefined ? {} : { values }),
    };
  });
}
