import type { Clock, Network } from "../app/deps.ts";
import { CloseCode } from "../protocol/close_codes.ts";
import { type ClientMessage, type Frame, toFrame } from "../protocol/frames.ts";

/** The client's sign of life; the server drops a link that is silent for 60 s. */
const HEARTBEAT_MILLISECONDS = 25_000;

/** A frame as it came, and as it reads. */
export interface ReceivedFrame {
  /** The JSON text, exactly as the server sent it. */
  readonly text: string;
  readonly frame: Frame;
}

/** How a link ended. */
export interface LinkEnd {
  readonly code: number;
  readonly reason: string;
  /** HTTP status of a refused upgrade, where the runtime shows it (on `ws://` only). */
  readonly refusedStatus?: number;
  /** What the runtime said of a link that failed. */
  readonly error?: string;
  /** Whether the WebSocket was ever open. */
  readonly opened: boolean;
}

export interface LinkOptions {
  readonly url: string;
  readonly token: string;
  readonly readOnly: boolean;
  readonly network: Network;
  readonly clock: Clock;
}

/**
 * The URL of a session's WebSocket, below the AI host.
 *
 * @param id the session's id, percent-encoded
 */
export function webSocketUrl(aiUrl: string, id: string, readOnly: boolean): string {
  const family = readOnly ? "ws/org/sessions" : "ws/sessions";
  return `${aiUrl.replace(/^http/, "ws")}/v1/${family}/${id}`;
}

/**
 * One WebSocket connection to a session. It queues what it receives until that is asked for,
 * sends heartbeats while it is open, and never dials again by itself.
 */
export class Link implements Disposable {
  readonly #socket: WebSocket;
  readonly #readOnly: boolean;
  readonly #clock: Clock;
  readonly #decoder = new TextDecoder();
  readonly #closing = new AbortController();
  #received: ReceivedFrame[] = [];
  #skipped = 0;
  #end: LinkEnd | undefined;
  #opened = false;
  #error: string | undefined;
  #wake: () => void = () => {};

  /** Begins to dial. */
  constructor({ url, token, readOnly, network, clock }: LinkOptions) {
    this.#readOnly = readOnly;
    this.#clock = clock;
    this.#socket = new network.WebSocket(url, ["access_token", token]);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onopen = () => {
      this.#opened = true;
      void this.#sendHeartbeats();
      this.#wake();
    };
    this.#socket.onmessage = ({ data }) => this.#receive(data);
    this.#socket.onerror = (event) => {
      this.#error = event instanceof ErrorEvent ? event.message : "connection failed";
    };
    this.#socket.onclose = ({ code, reason }) => this.#finish(code, reason);
  }

  /** Frames so far that were not JSON objects with a type. */
  get skipped(): number {
    return this.#skipped;
  }

  /** How the link ended; undefined while it has not. */
  get end(): LinkEnd | undefined {
    return this.#end;
  }

  /**
   * Waits until the WebSocket is open or has failed.
   *
   * @returns whether it is open
   */
  async opened(): Promise<boolean> {
    while (!this.#opened && this.#end === undefined) await this.#woken();
    return this.#opened;
  }

  /** What has been received since the last turn, turn by turn, until the link ends. */
  async *frames(): AsyncGenerator<readonly ReceivedFrame[]> {
    while (true) {
      if (this.#received.length > 0) {
        const received = this.#received;
        this.#received = [];
        yield received;
      } else if (this.#end !== undefined) {
        return;
      } else {
        await this.#woken();
      }
    }
  }

  /**
   * Sends a message.
   *
   * @throws {Error} on a read-only link, for all but heartbeats, and when the link is not open
   */
  send(message: ClientMessage): void {
    if (this.#readOnly && message.type !== "heartbeat") {
      throw new Error(`Cannot send "${message.type}" on a read-only attachment`);
    }
    if (this.#socket.readyState !== WebSocket.OPEN) {
      throw new Error(`Cannot send "${message.type}": the connection is not open`);
    }
    this.#socket.send(JSON.stringify(message));
  }

  /** Closes the link from our side. */
  close(): void {
    this.#socket.onmessage = null;
    if (this.#socket.readyState < WebSocket.CLOSING) this.#socket.close(CloseCode.Normal);
    this.#finish(CloseCode.Normal, "");
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #receive(data: string | ArrayBuffer): void {
    const text = typeof data === "string" ? data : this.#decoder.decode(data);
    const frame = parseFrame(text);
    if (frame === undefined) this.#skipped++;
    else this.#received.push({ text, frame });
    this.#wake();
  }

  #finish(code: number, reason: string): void {
    if (this.#end !== undefined) return;
    const status = /status code: (\d{3})/i.exec(this.#error ?? "")?.[1];
    this.#end = {
      code,
      reason,
      opened: this.#opened,
      ...(status === undefined ? {} : { refusedStatus: Number(status) }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
    this.#closing.abort();
    this.#wake();
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => this.#wake = resolve);
  }

  async #sendHeartbeats(): Promise<void> {
    try {
      while (true) {
        await this.#clock.sleep(HEARTBEAT_MILLISECONDS, this.#closing.signal);
        if (this.#socket.readyState === WebSocket.OPEN) this.send({ type: "heartbeat" });
      }
    } catch (error) {
      if (!this.#closing.signal.aborted) throw error;
    }
  }
}

function parseFrame(text: string): Frame | undefined {
  try {
    return toFrame(JSON.parse(text));
  } catch {
    return undefined;
  }
}
