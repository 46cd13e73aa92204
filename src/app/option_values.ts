import type { AnyCommand } from "./command_tree.ts";

/** The values of options that have a fixed set of them, by each of their flags. */
export type OptionValues = ReadonlyMap<string, readonly string[]>;

/** Finds the options of a command whose type is an enumeration. */
export function valuesOf(command: AnyCommand): OptionValues {
  const values = new Map<string, readonly string[]>();
  for (const { flags, args } of command.getBaseOptions(true)) {
    const known = enumeration(command, args[0]?.type);
    if (known === undefined) continue;
    for (const flag of flags) values.set(flag, known);
  }
  return values;
}

/** The values of a type, where it is one that a command has made of them. */
function enumeration(command: AnyCommand, type: string | undefined): string[] | undefined {
  const handler: unknown = type === undefined ? undefined : command.getType(type)?.handler;
  const isEnum = typeof handler === "object" && handler !== null && "values" in handler &&
    typeof handler.values === "function";
  const values: unknown = isEnum ? (handler.values as () => unknown)() : undefined;
  return Array.isArray(values) ? values.map(String) : undefined;
}
