import type { AnswerDesk } from "./asker.ts";
import type { Conversation } from "./conversation.ts";

/** Where a conversation's words come from. */
export interface Input {
  /** Feeds the conversation until the signal is aborted or there is no more. */
  run(conversation: Conversation, signal: AbortSignal): Promise<void>;
  /** What Ctrl-C does; without it, it ends the program as any other signal does. */
  interrupted?(conversation: Conversation): void;
  /** Where the agent's requests are answered. */
  readonly desk: AnswerDesk;
}
