import { assert, assertEquals } from "@std/assert";
import { type CommandNode, COMMANDS } from "../../src/app/command_tree.ts";
import { ExitCode } from "../../src/app/exit_codes.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import type { Scenario } from "../../src/emulator/scenario.ts";
import { fakeDeps } from "../support/fakes.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/home.ts";
import { type Program, sourceCommand, startProgram } from "../support/program.ts";
import { FINAL, record, START } from "../support/recordings.ts";
import { startServer } from "../support/server.ts";
import { testWith, tool } from "../support/skip.ts";

/** An agent that answers once, and ends a session that has nobody to talk with it. */
const SCENARIO: Scenario = {
  start_delay_ms: 0,
  pace_ms: 0,
  usage: { input_tokens: 10, output_tokens: 5, cost_usd: 0.001 },
  scripts: [
    { owner: "org", steps: [{ say: "Done." }, { end: { reason: "completed", exit_code: 0 } }] },
    { steps: [{ say: "Five sensors did." }, { result: { summary: "answered" } }] },
  ],
};

/** The session, the template and the rest that examples name, beside what there is anyway. */
const SESSION = "7c1f0a52";

/** Examples that ask for a secret, which they do on a terminal only. */
const ASK_ON_TERMINAL = ["limacharlie ai auth claude set-key", "limacharlie auth login --oid OID"];

interface Example {
  /** Words that call the command, without the program's name. */
  readonly words: string;
  /** As the command's help has it, for a shell. */
  readonly script: string;
}

async function findExamples(node: CommandNode, words: readonly string[] = []): Promise<Example[]> {
  if (node.load !== undefined) {
    const command = (await node.load())(fakeDeps());
    return command.getExamples().map(({ description }) => ({
      words: words.join(" "),
      script: description,
    }));
  }
  const children = node.children ?? [];
  return (await Promise.all(children.map((child) => findExamples(child, [...words, child.name]))))
    .flat();
}

/** What an example works on: a server, and the folder that it is run in, which is its home too. */
interface Stage {
  readonly emulator: Emulator;
  readonly folder: TemporaryFolder;
  /** What is typed, or piped in. */
  readonly input: string;
}

async function setStage(
  words: string,
  emulator: Emulator,
  folder: TemporaryFolder,
): Promise<Stage> {
  const { organizations: { acme }, keys } = emulator.accounts;
  const isOwn = words.startsWith("ai chats") || words.endsWith("attach");
  emulator.createSession({ id: SESSION, ...(isOwn ? {} : { owner: { oid: acme.oid } }) });
  const secrets = { anthropic: "sk-ant-of-the-hive", "slack-webhook": "https://slack.example" };
  for (const [name, secret] of Object.entries(secrets)) {
    emulator.setHiveRecord("secret", acme.oid, name, { secret });
  }
  emulator.setHiveRecord("ai_agent", acme.oid, "triage-bot", {
    prompt: "Triage",
    anthropic_secret: "hive://secret/anthropic",
  });
  const [key] = Object.values(keys).filter(({ oid }) => oid === acme.oid);
  const apiKey = key?.apiKey ?? "";
  const section = `oid: ${acme.oid}\napi_key: ${apiKey}\n`;
  const configuration = `${section}env:\n  staging: ${
    JSON.stringify({ oid: acme.oid, api_key: apiKey })
  }\n`;
  await Deno.mkdir(folder.join(".limacharlie.d"), { mode: 0o700 });
  await Deno.writeTextFile(folder.join(".limacharlie.d", "config.yaml"), configuration, {
    mode: 0o600,
  });
  if (words === "ai replay") await record(folder.join("incident.jsonl"), [START, FINAL]);
  const input = `${words.startsWith("ai auth") ? secrets.anthropic : apiKey}\n`;
  await Deno.writeTextFile(folder.join("key.txt"), input);
  return { emulator, folder, input };
}

/**
 * Runs an example in a shell in which `limacharlie` is this program.
 *
 * @param before what stands before the program's command line: `exec` has it take the shell's place
 */
function startExample(
  script: string,
  folder: TemporaryFolder,
  env: Readonly<Record<string, string>>,
  before = "",
): Program {
  const quoted = sourceCommand().map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const prelude = `limacharlie() { ${before} ${quoted} "$@"; }\n`;
  return startProgram([prelude + script], {
    command: ["sh", "-c"],
    cwd: folder.path,
    env: { ...env, HOME: folder.path, PATH: Deno.env.get("PATH") ?? "" },
  });
}

/** What else has to happen for an example to come to its end. */
async function playAlong(
  words: string,
  program: Program,
  { emulator, input }: Stage,
): Promise<void> {
  if (words === "ai session attach" || words === "ai session wait") {
    const session = emulator.session(SESSION);
    await session?.attached();
    session?.end("completed", 0);
  } else if (words === "ai auth claude login") {
    const [url] = await program.stderr.waitFor(/http:\S+/);
    const response = await fetch(url);
    await program.write(await response.text());
  } else if (words !== "ai chat") {
    await program.write(input);
  }
  await program.closeInput();
}

/**
 * Commands whose examples only their own tests can run: they serve until they are stopped, are for
 * other shells, replace an executable, or read a recording.
 */
const TRIED_ELSEWHERE = /^(?:emulator|completions .*|upgrade|ai replay)$/;

for (const { words, script } of await findExamples(COMMANDS)) {
  if (TRIED_ELSEWHERE.test(words)) continue;
  const needs = [tool("sh"), ...(script.includes("| jq") ? [tool("jq")] : [])];
  testWith(needs, `the example of ${words} works: ${script.split("\n")[0]}`, async () => {
    await using emulator = await startServer({ scenario: SCENARIO });
    using folder = temporaryFolder();
    const stage = await setStage(words, emulator, folder);
    const lines = script.replaceAll("OID", emulator.accounts.organizations.acme.oid);
    await using program = startExample(lines, folder, emulator.environment);
    await playAlong(words, program, stage);
    const { code, stderr } = await program.result();
    assertEquals(code, ASK_ON_TERMINAL.includes(script) ? ExitCode.Usage : ExitCode.Done, stderr);
    // Of a pipe or a substitution the shell tells no exit code.
    if (code === ExitCode.Done) assert(!stderr.includes("Error:"), stderr);
  });
}

testWith([tool("sh")], "the examples of emulator work, one beside the other", async () => {
  const examples = (await findExamples(COMMANDS)).filter(({ words }) => words === "emulator");
  using folder = temporaryFolder();
  await using stack = new AsyncDisposableStack();
  for (const { script } of examples) {
    const isServer = script.includes("limacharlie emulator");
    const program = stack.use(startExample(script, folder, {}, isServer ? "exec" : ""));
    if (isServer) {
      await program.stderr.waitFor("Serving on");
    } else {
      const { code, stderr } = await program.result();
      assertEquals([code, stderr], [ExitCode.Done, ""]);
    }
  }
});
