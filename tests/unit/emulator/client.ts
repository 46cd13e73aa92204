import type { Organization, OrganizationKey, User } from "../../../src/emulator/accounts.ts";
import type { Emulator } from "../../../src/emulator/emulator.ts";
import { Events } from "../../../src/emulator/events.ts";
import { type Frame, toFrame } from "../../../src/protocol/frames.ts";

/** An answer of the REST endpoints. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // deno-lint-ignore no-explicit-any
  readonly body: any;
}

/** Calls endpoints with the same headers every time. */
export interface Api {
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
}

/** Calls endpoints as they are called by no one in particular. */
export function api(emulator: Emulator, headers: Readonly<Record<string, string>> = {}): Api {
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(emulator.url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed = text === "" ? undefined : JSON.parse(text);
    return { status: response.status, headers: response.headers, body: parsed };
  };
  return {
    get: (path) => call("GET", path),
    post: (path, body) => call("POST", path, body),
    delete: (path) => call("DELETE", path),
  };
}

/** Calls user endpoints: with a token, and nothing else. */
export async function asUser(
  emulator: Emulator,
  holder: User | OrganizationKey = emulator.accounts.users.analyst,
): Promise<Api> {
  const { oid } = emulator.accounts.organizations.acme;
  return api(emulator, { authorization: `Bearer ${await emulator.mintToken(holder, oid)}` });
}

/** Calls org endpoints: with the raw key, the organization, and the uid of a user's key. */
export function asOrg(
  emulator: Emulator,
  holder: User | OrganizationKey = emulator.accounts.users.analyst,
  { oid }: Organization = emulator.accounts.organizations.acme,
): Api {
  return api(emulator, {
    authorization: `Bearer ${holder.apiKey}`,
    "x-lc-oid": oid,
    ...("uid" in holder ? { "x-lc-uid": holder.uid } : {}),
  });
}

/** A WebSocket, with what came in. */
export class Socket implements AsyncDisposable {
  /** Everything that came, in order: text as it was, bytes as bytes. */
  readonly messages: (string | Uint8Array)[] = [];
  readonly #socket: WebSocket;
  readonly #events = new Events();
  readonly #closed = Promise.withResolvers<CloseEvent>();
  /** What the runtime said of a connection that failed. */
  error = "";

  constructor(url: string, protocols: string[], client?: Deno.HttpClient) {
    this.#socket = new WebSocket(url, client === undefined ? protocols : { protocols, client });
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onopen = () => this.#events.notify();
    this.#socket.onmessage = ({ data }) => {
      this.messages.push(typeof data === "string" ? data : new Uint8Array(data));
      this.#events.notify();
    };
    this.#socket.onerror = (event) => this.error = (event as ErrorEvent).message;
    this.#socket.onclose = (event) => {
      this.#closed.resolve(event);
      this.#events.notify();
    };
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  /** The frames that came; what is no frame is left out. */
  get frames(): Frame[] {
    return this.messages.flatMap((message) => {
      try {
        const text = typeof message === "string" ? message : new TextDecoder().decode(message);
        return toFrame(JSON.parse(text)) ?? [];
      } catch {
        return [];
      }
    });
  }

  /** The types of the frames that came, in order. */
  get types(): string[] {
    return this.frames.map(({ type }) => type);
  }

  /** Settles when so many messages have come. */
  async received(count: number): Promise<void> {
    await this.#events.until(() =>
      this.messages.length >= count || this.#socket.readyState === WebSocket.CLOSED
    );
    if (this.messages.length < count) throw new Error(`Closed after ${this.messages.length}`);
  }

  /** The n-th frame of a type. */
  async frame(type: string, count = 1): Promise<Frame> {
    const find = () => this.frames.filter((frame) => frame.type === type)[count - 1];
    await this.#events.until(() =>
      find() !== undefined || this.#socket.readyState === WebSocket.CLOSED
    );
    const found = find();
    if (found === undefined) throw new Error(`No ${type} frame among ${this.types.join(" ")}`);
    return found;
  }

  async opened(): Promise<void> {
    await this.#events.until(() => this.#socket.readyState !== WebSocket.CONNECTING);
    if (this.#socket.readyState !== WebSocket.OPEN) throw new Error(this.error);
  }

  /** How it was closed. */
  get closed(): Promise<CloseEvent> {
    return this.#closed.promise;
  }

  send(message: unknown): void {
    this.#socket.send(message instanceof Uint8Array ? message : JSON.stringify(message));
  }

  sendText(text: string): void {
    this.#socket.send(text);
  }

  prompt(text: string): void {
    this.send({ type: "prompt", payload: { text } });
  }

  approve(payload: object): void {
    const defaults = { approved: true, approval_scope: "once" };
    this.send({ type: "tool_approval_response", payload: { ...defaults, ...payload } });
  }

  answer(payload: object): void {
    this.send({ type: "ask_user_question_response", payload });
  }

  async close(): Promise<void> {
    this.#socket.close();
    await this.closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Where a socket is opened. */
export interface SocketOptions {
  readonly holder?: User | OrganizationKey;
  /** The read-only endpoint. */
  readonly org?: boolean;
  readonly token?: string;
  /** What trusts the emulator's certificate. */
  readonly client?: Deno.HttpClient;
}

/** Opens a session's WebSocket, without waiting for it. */
export async function connect(
  emulator: Emulator,
  id: string,
  { holder = emulator.accounts.users.analyst, org = false, token, client }: SocketOptions = {},
): Promise<Socket> {
  const { oid } = emulator.accounts.organizations.acme;
  const jwt = token ?? await emulator.mintToken(holder, oid);
  const path = org ? "/v1/ws/org/sessions/" : "/v1/ws/sessions/";
  return new Socket(emulator.url.replace(/^http/, "ws") + path + id, ["access_token", jwt], client);
}
