import type { Grammar, Option } from "../../../src/completion/grammar.ts";

/** A grammar for tests, with the real words of some commands. */
export const GRAMMAR: Grammar = {
  root: {
    name: "limacharlie",
    summary: "",
    children: [
      {
        name: "ai",
        summary: "AI sessions",
        children: [
          { name: "chat", summary: "Talk" },
          {
            name: "session",
            summary: "Sessions",
            children: [{ name: "attach", summary: "Watch" }],
          },
          { name: "start-session", summary: "Start" },
        ],
      },
      { name: "auth", summary: "Credentials", children: [{ name: "use-env", summary: "Choose" }] },
      { name: "help", summary: "Explain" },
    ],
  },
  globals: [
    option("--oid", { takesValue: true }),
    option("--env", { takesValue: true }),
    {
      ...option("--output", { takesValue: true, values: ["json", "jsonl"] }),
      flags: ["-o", "--output"],
    },
    option("--ca-file", { takesValue: true, valueName: "file" }),
    option("--quiet"),
    option("--help"),
  ],
  topics: () => Promise.resolve([{ value: "security", description: "Safe" }]),
  optionsOf: (path) => Promise.resolve(OPTIONS[path.at(-1)?.name ?? ""] ?? []),
};

const OPTIONS: Readonly<Record<string, readonly Option[]>> = {
  attach: [
    option("--raw"),
    option("--no-history"),
    option("--id", { takesValue: true, required: true }),
    option("--answer", { takesValue: true, repeatable: true }),
    option("--secret", { hidden: true }),
    { ...option("--interactive"), flags: ["-i", "--interactive"] },
  ],
  "start-session": [
    option("--definition", { takesValue: true, required: true }),
    option("--env", { takesValue: true, repeatable: true }),
    option("--one-shot"),
    option("--no-one-shot"),
  ],
  chat: [
    option("--allowed-tools", { takesValue: true }),
    option("--on-approval", { takesValue: true }),
    option("--permission-mode", { takesValue: true }),
  ],
};

function option(flag: string, rest: Partial<Option> = {}): Option {
  return { flags: [flag], description: `About ${flag}`, takesValue: false, ...rest };
}
