import { type GlobalFlags, OUTPUT_FORMATS, type OutputFormat } from "./deps.ts";
import { usageError } from "./errors.ts";
import { unknownValue } from "./unknown_value.ts";

/** A flag that every command has. */
export interface GlobalFlag {
  readonly name: string;
  readonly short?: string;
  /** Name of its value in help; a flag without one is a switch. */
  readonly value?: string;
  readonly description: string;
}

export const GLOBAL_FLAGS: readonly GlobalFlag[] = [
  { name: "oid", value: "oid", description: "Organization to work in" },
  { name: "env", value: "name", description: "Named environment of the configuration file" },
  {
    name: "output",
    short: "o",
    value: "format",
    description: `Output format: ${OUTPUT_FORMATS.join(", ")}`,
  },
  { name: "filter", value: "jmespath", description: "JMESPath expression over the output" },
  { name: "fields", value: "names", description: "Comma-separated fields to keep" },
  { name: "sort-by", value: "field", description: "Sort rows by this field" },
  { name: "reverse", description: "Reverse the order of --sort-by" },
  { name: "wide", short: "W", description: "Never shorten values in tables" },
  {
    name: "quiet",
    short: "q",
    description: "Print errors only; live streams go on without notices",
  },
  { name: "debug", description: "Print requests and answers on stderr, secrets masked" },
  { name: "debug-full", description: "Like --debug, with whole bodies" },
  { name: "debug-curl", description: "Print each request as a curl command" },
  { name: "no-color", description: "No colors" },
  { name: "ca-file", value: "file", description: "Trust the certificate authorities in this file" },
];

/** Says whether a command has an option of its own, and whether that takes a value. */
export type OwnOption = (flag: string) => "switch" | "value" | undefined;

/** A command line, taken apart. */
export interface CommandLine {
  readonly flags: GlobalFlags;
  /** What remains for the command itself. */
  readonly rest: readonly string[];
  readonly help: boolean;
  readonly version: boolean;
}

/**
 * Takes the global flags out of a command line, wherever they stand, as the Python CLI does.
 * Behind the command's own name a flag of its own wins over a global one.
 *
 * @param path how many leading words name the command
 * @throws {CliError} on a missing or unknown value
 */
export function takeGlobalFlags(
  args: readonly string[],
  path: readonly string[],
  own: OwnOption,
): CommandLine {
  const values = new Map<string, string | true>();
  const rest: string[] = [];
  let help = false;
  let version = false;
  let named = 0;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (arg === "--") {
      rest.push(...args.slice(index));
      break;
    }
    const isOwn = named === path.length ? own : () => undefined;
    const { flag, value } = splitFlag(arg);
    if (flag === undefined) {
      if (named < path.length && arg === path[named]) named++;
      else rest.push(arg);
    } else if (isOwn(flag) === "value" && (value !== undefined || index + 1 < args.length)) {
      rest.push(`${flag}=${value ?? args[++index]}`);
    } else if (isOwn(flag) !== undefined) {
      rest.push(arg);
    } else if (flag === "--help" || flag === "-h") {
      help = true;
    } else if (flag === "--version") {
      version = true;
    } else {
      const known = GLOBAL_FLAGS.find(({ name, short }) =>
        flag === `--${name}` || flag === `-${short}`
      );
      if (known === undefined) rest.push(arg);
      else if (known.value === undefined) values.set(known.name, true);
      else values.set(known.name, value ?? nextValue(args, ++index, known));
    }
  }
  return { flags: toGlobalFlags(values), rest, help, version };
}

/** Splits `--name=value`, `-nvalue` (for short global flags with a value) or plain flags. */
function splitFlag(arg: string): { flag?: string; value?: string } {
  if (!arg.startsWith("-") || arg === "-") return {};
  const equals = arg.indexOf("=");
  if (equals > 0) return { flag: arg.slice(0, equals), value: arg.slice(equals + 1) };
  const short = GLOBAL_FLAGS.find((flag) =>
    flag.value !== undefined && flag.short !== undefined && arg.startsWith(`-${flag.short}`)
  );
  return short !== undefined && arg.length > 2
    ? { flag: arg.slice(0, 2), value: arg.slice(2) }
    : { flag: arg };
}

function nextValue(args: readonly string[], index: number, flag: GlobalFlag): string {
  const value = args[index];
  if (value === undefined) throw usageError(`Missing value for option "--${flag.name}"`);
  return value;
}

function toGlobalFlags(values: ReadonlyMap<string, string | true>): GlobalFlags {
  const text = (name: string) => {
    const value = values.get(name);
    return typeof value === "string" ? value : undefined;
  };
  const optional = {
    oid: text("oid"),
    env: text("env"),
    output: outputFormat(text("output")),
    filter: text("filter"),
    fields: text("fields"),
    sortBy: text("sort-by"),
    caFile: text("ca-file"),
  };
  return {
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    reverse: values.has("reverse"),
    wide: values.has("wide"),
    quiet: values.has("quiet"),
    debug: values.has("debug"),
    debugFull: values.has("debug-full"),
    debugCurl: values.has("debug-curl"),
    noColor: values.has("no-color"),
  };
}

function outputFormat(value: string | undefined): OutputFormat | undefined {
  if (value === undefined) return undefined;
  const format = OUTPUT_FORMATS.find((known) => known === value);
  if (format === undefined) throw unknownValue(value, "--output", OUTPUT_FORMATS);
  return format;
}

/** The words of a command line that may name a command: neither flags nor their values. */
export function wordsOf(args: readonly string[]): string[] {
  const words: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (arg === "--") break;
    const { flag, value } = splitFlag(arg);
    if (flag === undefined) words.push(arg);
    else if (value === undefined) {
      const known = GLOBAL_FLAGS.find(({ name, short }) =>
        flag === `--${name}` || flag === `-${short}`
      );
      if (known?.value !== undefined) index++;
    }
  }
  return words;
}

/**
 * The first option that a command does not have. Cliffy 1.2 would take it for an argument.
 *
 * @param rest what {@linkcode takeGlobalFlags} left to the command
 */
export function findUnknownOption(rest: readonly string[], own: OwnOption): string | undefined {
  const end = rest.indexOf("--");
  const options = (end === -1 ? rest : rest.slice(0, end)).filter((arg) => /^-./.test(arg));
  const unknown = options.find((arg) => {
    const flag = splitFlag(arg).flag ?? arg;
    return own(flag) === undefined && !isCluster(arg, own);
  });
  return unknown?.replace(/=.*$/s, "");
}

/** Whether an argument is several short switches in one: `-vi`. */
function isCluster(arg: string, own: OwnOption): boolean {
  return /^-\w{2,}$/.test(arg) &&
    Array.from(arg.slice(1)).every((letter) => own(`-${letter}`) === "switch");
}
