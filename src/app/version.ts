import config from "../../deno.json" with { type: "json" };

/** The version of this program, as deno.json has it. */
export const VERSION: string = config.version;

/** Whether a command line asks for the version, and says nothing else. */
export function asksVersionAlone(args: readonly string[]): boolean {
  return args.length === 1 && args[0] === "--version";
}
