import type { Clock } from "../app/deps.ts";
import { CloseCode } from "../protocol/close_codes.ts";
import type { Client } from "./audience.ts";
import { parseClientMessage } from "./client_messages.ts";
import type { FaultPlan } from "./fault_plan.ts";
import { RateLimit } from "./rate_limit.ts";
import type { OutgoingFrame } from "./outgoing_frame.ts";
import type { Session } from "./session.ts";
import { encodeMessage, type Message, type ServerSocket } from "./web_socket.ts";

/** Milliseconds without a message after which a client is dropped. */
const SILENCE_LIMIT = 60_000;
const PING_INTERVAL = 30_000;
/** Milliseconds that a client has to answer a close frame. */
const CLOSE_LIMIT = 10_000;
const MESSAGES_PER_SECOND = 100;

export interface AttachmentOptions {
  readonly session: Session;
  readonly socket: ServerSocket;
  /** Who is behind it, and on which endpoint. */
  readonly key: string;
  readonly readOnly: boolean;
  readonly clock: Clock;
  readonly faults: FaultPlan;
}

/** One client on one session's WebSocket. */
export class Attachment implements Client {
  readonly key: string;
  readonly #session: Session;
  readonly #socket: ServerSocket;
  readonly #readOnly: boolean;
  readonly #clock: Clock;
  readonly #faults: FaultPlan;
  readonly #connection: number;
  readonly #messageLimit = new RateLimit(MESSAGES_PER_SECOND, 1000);
  #sent = 0;
  #lastHeard: number;
  #closed = false;

  constructor({ session, socket, key, readOnly, clock, faults }: AttachmentOptions) {
    this.key = key;
    this.#session = session;
    this.#socket = socket;
    this.#readOnly = readOnly;
    this.#clock = clock;
    this.#faults = faults;
    this.#connection = session.nextConnection();
    this.#lastHeard = clock.now();
  }

  /** Serves the client until it is gone. */
  async run(): Promise<void> {
    const watching = this.#watch();
    if (this.#session.status === "starting") {
      this.close(CloseCode.NotRunning, "session is not running");
    } else {
      this.#strike();
      if (!this.#closed) {
        this.#session.admit(this, {
          history: this.#faults.find("no-history") === undefined,
          overlap: this.#faults.find("overlap") !== undefined,
        });
      }
    }
    for await (const data of this.#socket.messages()) this.#receive(data);
    this.#session.dismiss(this);
    await this.#socket.link.flush();
    this.#socket.link.cut();
    await watching;
  }

  deliver(frame: OutgoingFrame, recorded: boolean): void {
    if (this.#closed) return;
    const every = this.#faults.find("duplicate")?.every ?? Infinity;
    this.#send(frame, recorded);
    if (!this.#closed && this.#sent % every === 0) this.#send(frame, recorded);
  }

  ready(): Promise<void> {
    return this.#socket.link.ready();
  }

  close(code: number, reason: string): void {
    this.#leave();
    this.#socket.close(code, reason);
    void this.#cutAfter(CLOSE_LIMIT);
  }

  cut(): void {
    this.#leave();
    this.#socket.link.cutBehind();
  }

  #send({ data, encoded }: OutgoingFrame, recorded: boolean): void {
    this.#socket.send(encoded);
    if (recorded) {
      this.#session.sent.push({ connection: this.#connection, data, at: this.#clock.now() });
    }
    this.#sent++;
    this.#strike();
  }

  /** Does what goes wrong after as many frames as were sent. */
  #strike(): void {
    for (const fault of this.#faults.strikeFrames(this.#sent)) {
      if (this.#closed) return;
      switch (fault.kind) {
        case "garbage":
          this.#socket.send(encodeMessage("}{ this is not JSON"));
          break;
        case "close":
          this.close(fault.code, "closed on request");
          break;
        case "drop":
          this.cut();
          break;
        case "black-hole":
          this.#leave();
          this.#socket.link.silenceBehind();
          break;
      }
    }
  }

  #receive(data: Message): void {
    const now = this.#clock.now();
    this.#lastHeard = now;
    this.#session.receivedFrames.push({ connection: this.#connection, data, at: now });
    if (this.#messageLimit.take(now) > 0) {
      return this.#complain("rate_limited", `more than ${MESSAGES_PER_SECOND} messages a second`);
    }
    const message = parseClientMessage(data);
    if ("problem" in message) return this.#complain("invalid_message", message.problem);
    if (this.#readOnly && message.type !== "heartbeat") {
      return this.#complain("invalid_message", `"${message.type}" on a read-only connection`);
    }
    const problem = this.#session.accept(message);
    if (problem !== undefined) this.#complain(problem.code, problem.message);
  }

  /** Tells this client alone that its message was refused. */
  #complain(code: string, message: string): void {
    this.deliver(this.#session.toOutgoing({ type: "error", payload: { code, message } }), true);
  }

  /** From here on frames are not for this client, but for its return. */
  #leave(): void {
    this.#closed = true;
    this.#session.dismiss(this);
  }

  /** Sends pings, and drops a client that has been silent for too long. */
  async #watch(): Promise<void> {
    const { closed } = this.#socket.link;
    let nextPing = this.#clock.now() + PING_INTERVAL;
    try {
      while (!this.#closed) {
        const now = this.#clock.now();
        const deadline = this.#lastHeard + SILENCE_LIMIT;
        if (now >= deadline) return this.close(CloseCode.Reset, "no message for 60 seconds");
        if (now >= nextPing) {
          this.#socket.ping();
          nextPing += PING_INTERVAL;
        }
        await this.#clock.sleep(Math.min(deadline, nextPing) - now, closed);
      }
    } catch {
      // The client is gone.
    }
  }

  async #cutAfter(milliseconds: number): Promise<void> {
    try {
      await this.#clock.sleep(milliseconds, this.#socket.link.closed);
      this.#socket.link.cut();
    } catch {
      // The client has closed its end.
    }
  }
}
