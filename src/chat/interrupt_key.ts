import type { Clock } from "../app/deps.ts";
import { safeText } from "../render/safe_text.ts";
import type { Conversation } from "./conversation.ts";
import type { View } from "./view.ts";

/** How long a second Ctrl-C is taken to go with the first. */
const AGAIN_MILLISECONDS = 2_000;

/**
 * What Ctrl-C does for a person: it gives up waiting for a connection, else stops the agent's turn,
 * and pressed again it detaches.
 */
export class InterruptKey {
  readonly #clock: Clock;
  readonly #view: View;
  #pressedAt = -Infinity;

  constructor(clock: Clock, view: View) {
    this.#clock = clock;
    this.#view = view;
  }

  press(conversation: Conversation): void {
    if (!conversation.isConnected) return conversation.detach();
    if (conversation.withdrawQuestion()) return;
    const now = this.#clock.now();
    if (now - this.#pressedAt < AGAIN_MILLISECONDS) return conversation.detach();
    this.#pressedAt = now;
    if (conversation.isWorking) conversation.interrupt();
    else this.#view.note(safeText`Press Ctrl-C again to leave; the session goes on.\n`);
  }
}
