import type { Deps } from "../app/deps.ts";
import { ConversationError, failureOf } from "./ending.ts";
import { envelope } from "./transcript.ts";

/**
 * Does what leads to a conversation and then holds it: with `-o jsonl` that ends in a `final` line
 * also where it fails before there is a conversation.
 *
 * @param sessionId null where the session is only made by the work
 * @throws {unknown} what the work throws
 */
export async function endingInFinal(
  { flags, terminal, secrets }: Deps,
  sessionId: string | null,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (flags.output === "jsonl" && !(error instanceof ConversationError)) {
      const final = failureOf(error, sessionId ?? "");
      const reason = secrets.mask(final.reason);
      terminal.stdout.write(envelope("final", { ...final, reason, session_id: sessionId }));
    }
    throw error;
  }
}
