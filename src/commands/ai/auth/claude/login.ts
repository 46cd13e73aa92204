import { Command } from "@cliffy/command";
import type { Deps } from "../../../../app/deps.ts";
import { SignIn } from "./sign_in.ts";

export function claudeLoginCommand(deps: Deps, run = claudeLogin) {
  return new Command()
    .description(
      "Sign in with Claude, so that your chats are billed to your Claude subscription.\n\n" +
        "A URL is printed, to be opened in a browser on any machine. The code that the page shows " +
        "is then asked for without showing it, or read from standard input.",
    )
    .example("Sign in", "limacharlie ai auth claude login")
    .action(() => run(deps));
}

/**
 * @throws {CliError} exit 1 where signing in fails, exit 2 where the code is rejected, exit 8 where
 * nobody can give one, exit 9 where it took too long, exit 130 where it was cancelled
 */
export async function claudeLogin(deps: Deps): Promise<void> {
  const output = await deps.output();
  await output.check();
  const { claudeAuth } = await deps.connect();
  using signIn = new SignIn(claudeAuth, deps);
  await output.value(await signIn.run());
}
