import type { Clock } from "../app/deps.ts";
import { CloseCode } from "../protocol/close_codes.ts";
import type { ClientMessage, JsonObject, SessionStatus } from "../protocol/frames.ts";
import { Agent, type AgentHost } from "./agent.ts";
import { Audience, type Client, type Welcome } from "./audience.ts";
import type { EmulatedSession, Owner, PushOptions, WireFrame } from "./emulated_session.ts";
import { Events } from "./events.ts";
import { type OutgoingFrame, toOutgoing } from "./outgoing_frame.ts";
import { RateLimit } from "./rate_limit.ts";
import type { Scenario, Usage } from "./scenario.ts";
import type { SessionSettings } from "./session_settings.ts";
import type { Message } from "./web_socket.ts";

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
  readonly #events = new Events();
  readonly #audience: Audience;
  readonly #messages: ClientMessage[] = [];
  readonly #promptLimit = new RateLimit(PROMPTS_PER_MINUTE, 60_000);
  #status: SessionStatus;
  #startedAt: number | undefined;
  #endedAt: number | undefined;
  #endReason: string | undefined;
  #exitCode: number | undefined;
  #errorMessage: string | undefined;
  #endFrame: OutgoingFrame | undefined;
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
    this.#audience = new Audience(seed.history.map((each) => this.toOutgoing(each)), this.#events);
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
    return this.#audience.size;
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
    const { recorded = true, binary } = options;
    this.#audience.broadcast(this.toOutgoing(frame, binary), recorded);
    for (const client of this.#audience.clients) await client.ready();
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
    for (const client of this.#audience.clients) this.#sayGoodbye(client);
  }

  close(code: number, reason = ""): void {
    for (const client of this.#audience.clients) client.close(code, reason);
  }

  cut(): void {
    for (const client of this.#audience.clients) client.cut();
  }

  async attached(count = 1): Promise<void> {
    await this.#events.until(() => this.#audience.size >= count);
  }

  async detached(): Promise<void> {
    await this.#events.until(() => this.#audience.size === 0);
  }

  async received(type: ClientMessage["type"], count = 1): Promise<ClientMessage> {
    const find = () => this.#messages.filter((message) => message.type === type)[count - 1];
    await this.#events.until(() => find() !== undefined);
    const found = find();
    if (found === undefined) throw new Error(`No message of type "${type}"`);
    return found;
  }

  /** The frames of its history, as JSON texts. */
  historyTexts(): string[] {
    return this.#audience.historyTexts();
  }

  nextConnection(): number {
    return ++this.#connections;
  }

  /** Lets a client in; one that comes too late is told how the session ended, and closed. */
  admit(client: Client, variant: Pick<Welcome, "history" | "overlap">): void {
    const now = this.#context.clock.now();
    const stays = this.#audience.admit(client, { ...variant, sessionId: this.id, now });
    if (stays && this.#status === "ended") this.#sayGoodbye(client);
  }

  dismiss(client: Client): void {
    this.#audience.dismiss(client);
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

  #sayGoodbye(client: Client): void {
    if (this.#endFrame !== undefined) client.deliver(this.#endFrame, true);
    client.close(CloseCode.Ended, "session ended");
  }

  /** A frame of this session as it goes out. */
  toOutgoing(frame: JsonObject | Message, binary?: boolean): OutgoingFrame {
    return toOutgoing(frame, { sessionId: this.id, now: this.#context.clock.now() }, binary);
  }
}

function isoTime(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString();
}
