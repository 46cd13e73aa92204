import type { Clock } from "../app/deps.ts";
import { duration } from "../render/human.ts";
import { type SafeText, safeText, sanitizeLine } from "../render/safe_text.ts";
import {
  describeTrouble,
  type LinkTrouble,
  linkTrouble,
  type TransportEvent,
} from "./transport.ts";

const LOOK_MILLISECONDS = 100;
const SPINNER = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];

export interface LinkProgressOptions {
  readonly clock: Clock;
  /** Shows a line in the place of the one before, or none. */
  readonly show: (line: SafeText | undefined) => void;
}

/** Tells on one line that updates what is waited for: a session that starts, or a connection. */
export class LinkProgress implements Disposable {
  readonly #options: LinkProgressOptions;
  #trouble: LinkTrouble | undefined;
  #showing: AbortController | undefined;

  constructor(options: LinkProgressOptions) {
    this.#options = options;
  }

  take(event: TransportEvent): void {
    this.#trouble = linkTrouble(event, this.#trouble);
    if (this.#trouble === undefined) this[Symbol.dispose]();
    else if (this.#showing === undefined) void this.#show(this.#options.clock.now());
  }

  /** Takes the line away. */
  [Symbol.dispose](): void {
    if (this.#showing === undefined) return;
    this.#showing.abort();
    this.#showing = undefined;
    this.#options.show(undefined);
  }

  async #show(since: number): Promise<void> {
    const { clock, show } = this.#options;
    const { signal } = this.#showing = new AbortController();
    try {
      while (this.#trouble !== undefined) {
        const now = clock.now();
        const spinner = SPINNER[Math.floor(now / LOOK_MILLISECONDS) % SPINNER.length] ?? "";
        const waited = duration(Math.floor((now - since) / 1000) * 1000);
        show(
          safeText`${sanitizeLine(spinner)} ${describeTrouble(this.#trouble, now)} · ${
            sanitizeLine(waited)
          } · Ctrl-C leaves`,
        );
        await clock.sleep(LOOK_MILLISECONDS, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
