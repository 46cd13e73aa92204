import type { Clock } from "../app/deps.ts";
import {
  type ClientMessage,
  isObject,
  type JsonObject,
  type SessionStatus,
} from "../protocol/frames.ts";
import { Agent, type AgentHost } from "./agent.ts";
import { Events } from "./events.ts";
import { RateLimit } from "./rate_limit.ts";
import type { Scenario, Usage } from "./scenario.ts";
import type { SessionSettings } from "./session_settings.ts";
import { encodeMessage, type Message } from "./web_socket.ts";

/** Whose session it is: a user's, or an organization's. */
export type Owner = { readonly uid: string } | { readonly oid: string };

/** One frame on a WebSocket. */
export interface WireFrame {
  /** Which of the session's connections, counted from 1. */
  readonly connection: number;
  readonly data: Message;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** How a frame is pushed. */
export interface PushOptions {
  /** Sends text as a binary message. */
  readonly binary?: boolean;
  /** Whether history, replay and `sentFrames` have it; true unless it was said. */
  readonly recorded?: boolean;
}

/** A session, as tests and the embedding program steer it. */
export interface EmulatedSession {
  readonly id: string;
  readonly owner: Owner;
  readonly status: SessionStatus;
  /** How many clients are connected. */
  readonly connections: number;
  /** The session as the REST endpoints show it. */
  toJSON(): JsonObject;
  /** From `starting` to `running`. */
  start(): void;
  /**
   * Sends a frame to every client: an object gets `timestamp` and `session_id` where it has none;
   * text and bytes go out as they are, JSON or not. Settles when there is room for more.
   */
  push(frame: JsonObject | Message, options?: PushOptions): Promise<void>;
  /** Sends `session_end`, closes with 4100. */
  end(reason: string, exitCode?: number): void;
  /** Closes every connection with a code. */
  close(code: number, reason?: string): void;
  /** Closes every TCP connection without a close frame, behind what was pushed. */
  cut(): void;
  /** Settles when at least so many clients are connected at once. */
  attached(count?: number): Promise<void>;
  /** Settles when no client is connected. */
  detached(): Promise<void>;
  /** Settles with the n-th message of a type that clients have sent since the session began. */
  received(type: ClientMessage["type"], count?: number): Promise<ClientMessage>;
}

/** How a session begins. */
export interface SessionSeed {
  readonly id: string;
  readonly owner: Owner;
  readonly status: SessionStatus;
  readonly createdAt: number;
  readonly settings: SessionSettings;
  /** Fields of the REST object beside those that the session keeps itself; they win. */
  readonly fields: JsonObject;
  /** Whether the scripted agent works in it. */
  readonly scripted: boolean;
  readonly end?: { readonly reason: string; readonly exitCode?: number };
  /** Frames of time past. */
  readonly history: readonly JsonObject[];
}

/** One connected client, as its session sees it. */
export interface Client {
  /** Who it is: what is replayed depends on when the same one was here last. */
  readonly key: string;
  deliver(frame: OutgoingFrame, recorded: boolean): void;
  close(code: number, reason: string): void;
  cut(): void;
  ready(): Promise<void>;
}

/** A frame, ready for any number of clients. */
export interface OutgoingFrame {
  readonly data: Message;
  readonly encoded: Uint8Array;
}

interface LoggedFrame extends OutgoingFrame {
  readonly at: number;
}

/** Milliseconds for which frames are kept for those who are away. */
const REPLAY_WINDOW = 60_000;

const PROMPTS_PER_MINUTE = 60;

/** Why a client's message was refused, as the `error` frame says it. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** What a session needs of the server. */
export interface SessionContext {
  readonly clock: Clock;
  readonly scenario: Scenario;
}

/** A session: its state, its frames, its clients and its agent. */
export class Session implements EmulatedSession, AgentHost {
  readonly id: string;
  readonly owner: Owner;
  readonly settings: SessionSettings;
  readonly sent: WireFrame[] = [];
  readonly receivedFrames: WireFrame[] = [];
  readonly #context: SessionContext;
  readonly #fields: JsonObject;
  readonly #createdAt: number;
  readonly #agent: Agent | undefined;
  readonly #over = new AbortController();
  /** Who is connected, and which frame of the log is the next for each. */
  readonly #clients = new Map<Client, number>();
  readonly #log: LoggedFrame[];
  /** Where in the log each client that has gone would go on. */
  readonly #leftAt = new Map<string, number>();
  readonly #messages: ClientMessage[] = [];
  readonly #events = new Events();
  readonly #promptLimit = new RateLimit(PROMPTS_PER_MINUTE, 60_000);
  #status: SessionStatus;
  #startedAt: number | undefined;
  #endedAt: number | undefined;
  #endReason: string | undefined;
  #exitCode: number | undefined;
  #errorMessage: string | undefined;
  #endFrame: LoggedFrame | undefined;
  #initialPrompt: string | undefined;
  #connections = 0;
  #usage: Usage = { input_tokens: 0, output_tokens: 0, cost_usd: 0 };

  constructor(seed: SessionSeed, context: SessionContext) {
    this.id = seed.id;
    this.owner = seed.owner;
    this.settings = seed.settings;
    this.#context = context;
    this.#fields = seed.fields;
    this.#createdAt = seed.createdAt;
    this.#initialPrompt = seed.settings.prompt;
    this.#agent = seed.scripted ? new Agent(this, context.clock, context.scenario) : undefined;
    this.#log = seed.history.map((frame) => ({ ...this.toOutgoing(frame), at: -Infinity }));
    this.#status = "starting";
    if (seed.status !== "starting") this.start();
    if (seed.status === "ended") {
      this.end(seed.end?.reason ?? "completed", seed.end?.exitCode);
    }
  }

  get status(): SessionStatus {
    return this.#status;
  }

  get connections(): number {
    return this.#clients.size;
  }

  get isOrgOwned(): boolean {
    return "oid" in this.owner;
  }

  get usage(): Usage {
    return this.#usage;
  }

  toJSON(): JsonObject {
    const { settings } = this;
    return {
      id: this.id,
      status: this.#status,
      name: settings.name ?? null,
      region: "us-central1",
      model: settings.model,
      provider: settings.provider,
      created_at: isoTime(this.#createdAt),
      started_at: isoTime(this.#startedAt),
      terminated_at: isoTime(this.#endedAt),
      end_reason: this.#endReason ?? null,
      exit_code: this.#exitCode ?? null,
      error_message: this.#errorMessage ?? null,
      initial_prompt: this.#initialPrompt ?? null,
      allowed_tools: settings.allowedTools,
      denied_tools: settings.deniedTools,
      permission_mode: settings.permissionMode,
      trigger_source: settings.triggerSource ?? null,
      input_tokens: this.#usage.input_tokens,
      output_tokens: this.#usage.output_tokens,
      total_cost_usd: this.#usage.cost_usd,
      ...this.#fields,
    };
  }

  start(): void {
    if (this.#status !== "starting") return;
    this.#status = "running";
    this.#startedAt = this.#context.clock.now();
    if (this.settings.ttlSeconds !== undefined) void this.#endAfter(this.settings.ttlSeconds);
    this.#agent?.boot();
    if (this.#agent !== undefined && this.settings.prompt !== undefined) {
      this.#agent.prompt(this.settings.prompt);
    }
  }

  /** Starts after so many milliseconds, unless it has ended by then. */
  async startAfter(milliseconds: number): Promise<void> {
    try {
      if (milliseconds > 0) await this.#sleep(milliseconds);
      this.start();
    } catch {
      // It ended, or the server stopped, before it could start.
    }
  }

  broadcast(type: string, payload: JsonObject): void {
    void this.push({ type, payload });
  }

  async push(frame: JsonObject | Message, options: PushOptions = {}): Promise<void> {
    const outgoing = this.toOutgoing(frame, options.binary);
    const recorded = options.recorded ?? true;
    if (recorded) this.#log.push(outgoing);
    for (const client of [...this.#clients.keys()]) {
      this.#clients.set(client, this.#log.length);
      client.deliver(outgoing, recorded);
    }
    for (const client of [...this.#clients.keys()]) await client.ready();
  }

  addUsage(usage: Usage): void {
    this.#usage = {
      input_tokens: this.#usage.input_tokens + usage.input_tokens,
      output_tokens: this.#usage.output_tokens + usage.output_tokens,
      cost_usd: this.#usage.cost_usd + usage.cost_usd,
    };
  }

  end(reason: string, exitCode?: number, errorMessage?: string): void {
    if (this.#status === "ended") return;
    this.#status = "ended";
    this.#endedAt = this.#context.clock.now();
    this.#endReason = reason;
    this.#exitCode = exitCode;
    this.#errorMessage = errorMessage;
    this.#over.abort();
    this.#agent?.stop();
    this.#endFrame = this.toOutgoing({
      type: "session_end",
      payload: { reason, ...(exitCode === undefined ? {} : { exit_code: exitCode }) },
    });
    for (const client of [...this.#clients.keys()]) this.#sayGoodbye(client);
  }

  close(code: number, reason = ""): void {
    for (const client of [...this.#clients.keys()]) client.close(code, reason);
  }

  cut(): void {
    for (const client of [...this.#clients.keys()]) client.cut();
  }

  async attached(count = 1): Promise<void> {
    await this.#events.until(() => this.#clients.size >= count);
  }

  async detached(): Promise<void> {
    await this.#events.until(() => this.#clients.size === 0);
  }

  async received(type: ClientMessage["type"], count = 1): Promise<ClientMessage> {
    const find = () => this.#messages.filter((message) => message.type === type)[count - 1];
    await this.#events.until(() => find() !== undefined);
    const found = find();
    if (found === undefined) throw new Error(`No message of type "${type}"`);
    return found;
  }

  /** The frames of its history, as JSON texts. */
  historyTexts(until = this.#log.length): string[] {
    return this.#log.slice(0, until).map(({ data }) => data).filter(isObjectText);
  }

  nextConnection(): number {
    return ++this.#connections;
  }

  /**
   * Lets a client in: it gets the history, then what it missed in the last minute, then what comes.
   *
   * @param overlap whether the history also holds what is replayed
   * @param withHistory whether there is a `history` frame
   */
  admit(client: Client, withHistory: boolean, overlap: boolean): void {
    const replayFrom = this.#replayFrom(client.key);
    this.#clients.set(client, replayFrom);
    this.#events.notify();
    if (withHistory) {
      const texts = this.historyTexts(overlap ? this.#log.length : replayFrom);
      client.deliver(this.#historyFrame(texts), true);
    }
    for (const [offset, frame] of this.#log.slice(replayFrom).entries()) {
      if (!this.#clients.has(client)) return;
      this.#clients.set(client, replayFrom + offset + 1);
      client.deliver(frame, true);
    }
    if (this.#clients.has(client) && this.#status === "ended") this.#sayGoodbye(client);
  }

  /** Lets a client go. What it was not sent is replayed to it when it comes back. */
  dismiss(client: Client): void {
    const next = this.#clients.get(client);
    if (next === undefined) return;
    this.#clients.delete(client);
    this.#leftAt.set(client.key, next);
    this.#events.notify();
  }

  /**
   * Takes a message of a client that has the right to send it.
   *
   * @returns why it was refused
   */
  accept(message: ClientMessage): Refusal | undefined {
    if (this.#status !== "running") {
      return { code: "session_not_running", message: `session is ${this.#status}` };
    }
    if (message.type === "prompt") {
      if (this.#promptLimit.take(this.#context.clock.now()) > 0) {
        return {
          code: "rate_limited",
          message: `more than ${PROMPTS_PER_MINUTE} prompts a minute`,
        };
      }
      this.#initialPrompt ??= message.payload.text;
    }
    this.#messages.push(message);
    this.#events.notify();
    const problem = this.#agent?.accept(message);
    return problem === undefined ? undefined : { code: "invalid_message", message: problem };
  }

  /** Stops everything that it does, without a word. */
  dispose(): void {
    this.#over.abort();
    this.#agent?.stop();
  }

  async #endAfter(seconds: number): Promise<void> {
    try {
      await this.#sleep(seconds * 1000);
      this.end("max_duration_exceeded", 1);
    } catch {
      // It ended before, or the server stopped.
    }
  }

  async #sleep(milliseconds: number): Promise<void> {
    await this.#context.clock.sleep(milliseconds, this.#over.signal);
  }

  #replayFrom(key: string): number {
    if ([...this.#clients.keys()].some((client) => client.key === key)) return this.#log.length;
    const oldest = this.#context.clock.now() - REPLAY_WINDOW;
    let index = this.#log.length;
    const leftAt = this.#leftAt.get(key) ?? 0;
    while (index > leftAt && (this.#log[index - 1]?.at ?? -Infinity) >= oldest) index--;
    return index;
  }

  #sayGoodbye(client: Client): void {
    if (this.#endFrame !== undefined) client.deliver(this.#endFrame, true);
    client.close(4100, "session ended");
  }

  #historyFrame(texts: readonly string[]): LoggedFrame {
    const { type, ...rest } = this.#envelope({ type: "history" });
    const head = JSON.stringify({ type, ...rest }).slice(0, -1);
    return this.toOutgoing(`${head},"payload":{"messages":[${texts.join(",")}]}}`);
  }

  #envelope(frame: JsonObject): JsonObject {
    const { type, ...rest } = frame;
    return { type, timestamp: isoTime(this.#context.clock.now()), session_id: this.id, ...rest };
  }

  /** A frame as it goes out: an object gets what it lacks of the envelope. */
  toOutgoing(frame: JsonObject | Message, binary?: boolean): LoggedFrame {
    const isMessage = typeof frame === "string" || frame instanceof Uint8Array;
    const data = isMessage ? frame : JSON.stringify(this.#envelope(frame));
    return {
      at: this.#context.clock.now(),
      data,
      encoded: encodeMessage(data, binary),
    };
  }
}

function isObjectText(data: Message): data is string {
  if (typeof data !== "string") return false;
  try {
    return isObject(JSON.parse(data));
  } catch {
    return false;
  }
}

function isoTime(milliseconds: number): string;
function isoTime(milliseconds: number | undefined): string | null;
function isoTime(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString();
}
