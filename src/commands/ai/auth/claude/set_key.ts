import { Command } from "@cliffy/command";
import { isSecretReference } from "../../../../api/secret_references.ts";
import type { Deps } from "../../../../app/deps.ts";
import { usageError } from "../../../../app/errors.ts";
import { readSecret } from "../../../read_secret.ts";

export interface SetKeyOptions {
  readonly key?: string | undefined;
  readonly keyFromStdin?: true | undefined;
}

export function claudeSetKeyCommand(deps: Deps, run = setClaudeKey) {
  return new Command()
    .description(
      "Store an Anthropic API key, which your chats are then billed to.\n\n" +
        "The key is asked for without showing it, or read from standard input. It replaces the " +
        "credential that is stored now.",
    )
    .option("--key <key:string>", "hive://secret/NAME, or the key itself, which others may see")
    .option("--key-from-stdin", "Read the key from standard input")
    .example("Be asked for it", "limacharlie ai auth claude set-key")
    .example("From a file", "limacharlie ai auth claude set-key --key-from-stdin < key.txt")
    .example("From the hive", "limacharlie ai auth claude set-key --key hive://secret/anthropic")
    .action((options) => run(options, deps));
}

/** @throws {CliError} exit 4 on what is no such key, before it is sent; exit 3 on an unknown secret */
export async function setClaudeKey(options: SetKeyOptions, deps: Deps): Promise<void> {
  const output = await deps.output();
  await output.check();
  const given = await readSecret({
    what: "Anthropic API key",
    flag: "--key",
    argument: options.key,
    stdinFlag: "--key-from-stdin",
    fromStdin: options.keyFromStdin === true,
    mayBeReference: true,
  }, deps);
  if (!isSecretReference(given)) requireKey(given, "The Anthropic API key");
  const { claudeAuth, hive } = await deps.connect();
  const key = (await hive.resolve(given)).trim();
  requireKey(key, `The secret ${given}`);
  await output.value(await claudeAuth.setKey(key));
}

/** @throws {CliError} (exit 4) that doesn't repeat what was given: it may be another secret */
function requireKey(key: string, what: string): void {
  if (!key.startsWith("sk-ant-")) {
    throw usageError(
      `${what} does not begin with "sk-ant-"`,
      "Anthropic API keys do; see https://console.anthropic.com/settings/keys",
    );
  }
  if (!/^[\x21-\x7e]{8,}$/.test(key)) {
    throw usageError(`${what} is too short, or holds characters that no key has`);
  }
}
