import { Events } from "./events.ts";
import { historyFrame, objectTexts, type OutgoingFrame } from "./outgoing_frame.ts";

/** One connected client, as its session sees it. */
export interface Client {
  /** Who it is: what is replayed depends on when the same one was here last. */
  readonly key: string;
  deliver(frame: OutgoingFrame, recorded: boolean): void;
  close(code: number, reason: string): void;
  cut(): void;
  ready(): Promise<void>;
}

/** What a client is told when it comes. */
export interface Welcome {
  readonly sessionId: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether there is a `history` frame. */
  readonly history: boolean;
  /** Whether the history also holds what is replayed. */
  readonly overlap: boolean;
}

/** Milliseconds for which frames are replayed to those who were away. */
const REPLAY_WINDOW = 60_000;

/** A session's clients, and every frame that was broadcast to them. */
export class Audience {
  /** Who is connected, and which frame of the log is the next for each. */
  readonly #clients = new Map<Client, number>();
  readonly #log: OutgoingFrame[];
  /** Where in the log each client that has gone would go on. */
  readonly #leftAt = new Map<string, number>();
  readonly #events: Events;

  /**
   * @param past frames of time past, which nobody is replayed
   * @param events is notified of who comes and goes
   */
  constructor(past: readonly OutgoingFrame[], events: Events) {
    this.#log = past.map((frame) => ({ ...frame, at: -Infinity }));
    this.#events = events;
  }

  get size(): number {
    return this.#clients.size;
  }

  /** Those who are connected at this moment. */
  get clients(): readonly Client[] {
    return [...this.#clients.keys()];
  }

  /** Sends a frame to everybody, and keeps it where it is to be recorded. */
  broadcast(frame: OutgoingFrame, recorded: boolean): void {
    if (recorded) this.#log.push(frame);
    for (const client of this.clients) {
      this.#clients.set(client, this.#log.length);
      client.deliver(frame, recorded);
    }
  }

  /**
   * Lets a client in: it gets the history, then what it missed in the last minute, then what comes.
   *
   * @returns whether it is still there after that
   */
  admit(client: Client, { sessionId, now, history, overlap }: Welcome): boolean {
    const replayFrom = this.#replayFrom(client.key, now);
    this.#clients.set(client, replayFrom);
    this.#events.notify();
    if (history) {
      const texts = objectTexts(overlap ? this.#log : this.#log.slice(0, replayFrom));
      client.deliver(historyFrame(texts, { sessionId, now }), true);
    }
    for (const [offset, frame] of this.#log.slice(replayFrom).entries()) {
      if (!this.#clients.has(client)) return false;
      this.#clients.set(client, replayFrom + offset + 1);
      client.deliver(frame, true);
    }
    return this.#clients.has(client);
  }

  /** Lets a client go. What it was not sent is replayed to it when it comes back. */
  dismiss(client: Client): void {
    const next = this.#clients.get(client);
    if (next === undefined) return;
    this.#clients.delete(client);
    this.#leftAt.set(client.key, next);
    this.#events.notify();
  }

  /** The frames of the history, as JSON texts. */
  historyTexts(): string[] {
    return objectTexts(this.#log);
  }

  #replayFrom(key: string, now: number): number {
    if (this.clients.some((client) => client.key === key)) return this.#log.length;
    const leftAt = this.#leftAt.get(key) ?? 0;
    let index = this.#log.length;
    while (index > leftAt && (this.#log[index - 1]?.at ?? 0) >= now - REPLAY_WINDOW) index--;
    return index;
  }
}
