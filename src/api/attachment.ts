import type { Clock, Network } from "../app/deps.ts";
import { CloseCode } from "../protocol/close_codes.ts";
import { asExact } from "../protocol/exact_json.ts";
import { type ClientMessage, type Frame, isObject, toFrame } from "../protocol/frames.ts";

/** Frames that are handed on at once, so that what they say does not all take room together. */
const MOST_AT_ONCE = 500;

/** The client's sign of life; the server drops a link that is silent for 60 s. */
const HEARTBEAT_MILLISECONDS = 25_000;
/** The service closes a link on which a larger message comes, and reads none of it. */
export const LARGEST_MESSAGE_BYTES = 1024 * 1024;
/** How long the server may take to confirm that it has read everything. */
const FAREWELL_MILLISECONDS = 3_000;

/** A frame as it came, and as it reads. */
export interface ReceivedFrame {
  /** The JSON text, exactly as the server sent it. */
  readonly text: string;
  readonly frame: Frame;
}

/** Why a message was not sent. */
export type Unsent = "read-only" | "not-attached" | "too-large";

/** A message that did not leave: it may be sent later, unless the reason says otherwise. */
export class NotSentError extends Error {
  override readonly name = "NotSentError";
  readonly reason: Unsent;

  constructor({ type }: ClientMessage, reason: Unsent) {
    const words = {
      "read-only": "this attachment is read-only",
      "not-attached": "the connection is not open",
      "too-large": "it is larger than the 1 MB that the service takes in a message",
    };
    super(`Cannot send "${type}": ${words[reason]}`);
    this.reason = reason;
  }
}

/** How a link ended. */
export interface LinkEnd {
  readonly code: number;
  readonly reason: string;
  /** Why it was given up from our side, in words; the code then says nothing. */
  readonly givenUp?: string;
  /** Whether the server has confirmed an end of ours, and so has read all that was sent. */
  readonly isConfirmed: boolean;
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
  readonly #socketClosed = Promise.withResolvers<void>();
  /** Texts that were received and not asked for yet: they take far less room than what they say. */
  readonly #received: string[] = [];
  #skipped = 0;
  #end: LinkEnd | undefined;
  #opened = false;
  #error: string | undefined;
  #givenUp: string | undefined;
  #heardAt: number;
  #wake: () => void = () => {};

  /** Begins to dial. */
  constructor({ url, token, readOnly, network, clock }: LinkOptions) {
    this.#readOnly = readOnly;
    this.#clock = clock;
    this.#heardAt = clock.now();
    this.#socket = new network.WebSocket(url, ["access_token", token]);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onopen = () => {
      this.#opened = true;
      this.#heardAt = clock.now();
      void this.#sendHeartbeats();
      this.#wake();
    };
    this.#socket.onmessage = ({ data }) => this.#receive(data);
    this.#socket.onerror = (event) => {
      this.#error = event instanceof ErrorEvent ? event.message : "connection failed";
    };
    this.#socket.onclose = ({ code, reason, wasClean }) => {
      this.#finish(code, reason, wasClean);
      this.#socketClosed.resolve();
    };
  }

  /** Whether something can be sent. */
  get canSend(): boolean {
    return !this.#readOnly && this.#isOpen;
  }

  /** Whether there is something that {@linkcode frames} has not given yet. */
  get hasReceived(): boolean {
    return this.#received.length > 0;
  }

  /** When the last frame came, or the link was opened: unix milliseconds. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /** Aborted when the link has ended. */
  get closed(): AbortSignal {
    return this.#closing.signal;
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

  /** Waits until something was received, or the link has ended. */
  async heard(): Promise<void> {
    while (this.#received.length === 0 && this.#end === undefined) await this.#woken();
  }

  /** What has been received since the last turn, turn by turn, until the link ends. */
  async *frames(): AsyncGenerator<readonly ReceivedFrame[]> {
    while (true) {
      if (this.#received.length > 0) {
        const frames = this.#read(this.#received.splice(0, MOST_AT_ONCE));
        if (frames.length > 0) yield frames;
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
   * @throws {NotSentError} on a read-only link, for all but heartbeats; when the link is not open;
   * and when the message is larger than the service takes
   */
  send(message: ClientMessage): void {
    if (this.#readOnly && message.type !== "heartbeat") {
      throw new NotSentError(message, "read-only");
    }
    if (!this.#isOpen) throw new NotSentError(message, "not-attached");
    const text = JSON.stringify(message);
    if (sizeOf(text) > LARGEST_MESSAGE_BYTES) throw new NotSentError(message, "too-large");
    this.#socket.send(text);
  }

  /** Closes the link from our side. */
  close(): void {
    this.#socket.onmessage = null;
    if (this.#socket.readyState < WebSocket.CLOSING) this.#socket.close(CloseCode.Normal);
    this.#finish(CloseCode.Normal, "", false);
  }

  /**
   * Waits until what was sent before {@linkcode close} has left, as the server's answer to it shows;
   * but no longer than a short while.
   */
  async flushed(): Promise<void> {
    const done = new AbortController();
    const late = this.#clock.sleep(FAREWELL_MILLISECONDS, done.signal).catch(() => {});
    await Promise.race([this.#socketClosed.promise, late]);
    done.abort();
  }

  /**
   * Gives up a link that is not worth keeping. It ends when the server has confirmed that it read
   * everything, or after a short while.
   *
   * @param why in words
   */
  async giveUp(why: string): Promise<void> {
    this.#givenUp ??= why;
    if (this.#socket.readyState < WebSocket.CLOSING) this.#socket.close(CloseCode.Normal);
    try {
      await this.#clock.sleep(FAREWELL_MILLISECONDS, this.closed);
    } catch {
      // It has ended.
    }
    this.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #receive(data: string | ArrayBuffer): void {
    this.#heardAt = this.#clock.now();
    this.#received.push(typeof data === "string" ? data : this.#decoder.decode(data));
    if (this.#received.length === 1) this.#wake();
  }

  #read(texts: readonly string[]): ReceivedFrame[] {
    const frames: ReceivedFrame[] = [];
    for (const text of texts) {
      const frame = parseFrame(text);
      if (frame === undefined) this.#skipped++;
      else frames.push({ text, frame });
    }
    return frames;
  }

  get #isOpen(): boolean {
    return this.#end === undefined && this.#givenUp === undefined &&
      this.#socket.readyState === WebSocket.OPEN;
  }

  #finish(code: number, reason: string, isClean: boolean): void {
    if (this.#end !== undefined) return;
    const status = /status code: (\d{3})/i.exec(this.#error ?? "")?.[1];
    this.#end = {
      code,
      reason,
      isConfirmed: isClean && code === CloseCode.Normal && this.#givenUp !== undefined,
      opened: this.#opened,
      ...(this.#givenUp === undefined ? {} : { givenUp: this.#givenUp }),
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
        if (this.#isOpen) this.send({ type: "heartbeat" });
      }
    } catch (error) {
      if (!this.#closing.signal.aborted) throw error;
    }
  }
}

/** Bytes of a text as UTF-8; at least, where it is clear that they are few. */
function sizeOf(text: string): number {
  return 3 * text.length <= LARGEST_MESSAGE_BYTES ? text.length : encoder.encode(text).length;
}

const encoder = new TextEncoder();

/**
 * Reads a frame's text.
 *
 * @returns undefined where it is no JSON object with a type
 */
export function parseFrame(text: string): Frame | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // Most frames are of this type, and say words, not numbers.
    const isWords = isObject(value) && value["type"] === "assistant";
    return toFrame(isWords ? value : asExact(value, text));
  } catch {
    return undefined;
  }
}
