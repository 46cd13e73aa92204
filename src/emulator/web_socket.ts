import type { HttpRequest, HttpResponse } from "./http.ts";
import { HttpError } from "./http.ts";
import { concat, type Link } from "./link.ts";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** One message: text as string, binary as bytes. */
export type Message = string | Uint8Array;

/** A protocol violation of the client, answered with a close code (RFC 6455, 7.4). */
class Violation extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder("utf-8", { fatal: true });

/** Whether a request asks for a WebSocket. */
export function isUpgrade(request: HttpRequest): boolean {
  return request.headers.get("upgrade")?.toLowerCase() === "websocket";
}

/**
 * The answer that opens a WebSocket.
 *
 * @param protocol the sub-protocol that was chosen, if any
 * @throws {HttpError} where the handshake is not one of RFC 6455
 */
export async function acceptUpgrade(
  request: HttpRequest,
  protocol: string | undefined,
): Promise<HttpResponse> {
  const key = request.headers.get("sec-websocket-key");
  if (key === undefined || request.headers.get("sec-websocket-version") !== "13") {
    throw new HttpError(400, "Bad WebSocket handshake");
  }
  const digest = await crypto.subtle.digest("SHA-1", encoder.encode(key + GUID));
  return {
    status: 101,
    headers: {
      "Upgrade": "websocket",
      "Connection": "Upgrade",
      "Sec-WebSocket-Accept": btoa(String.fromCharCode(...new Uint8Array(digest))),
      ...(protocol === undefined ? {} : { "Sec-WebSocket-Protocol": protocol }),
    },
  };
}

/** The bytes of one whole message, ready for any number of sockets. */
export function encodeMessage(data: Message, binary = typeof data !== "string"): Uint8Array {
  const payload = typeof data === "string" ? encoder.encode(data) : data;
  return encodeFrame(binary ? OPCODE.binary : OPCODE.text, payload);
}

function encodeFrame(opcode: number, payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 0x10000 ? 2 : 8;
  const frame = new Uint8Array(2 + extended + length);
  const view = new DataView(frame.buffer);
  frame[0] = 0x80 | opcode;
  frame[1] = extended === 0 ? length : extended === 2 ? 126 : 127;
  if (extended === 2) view.setUint16(2, length);
  if (extended === 8) view.setBigUint64(2, BigInt(length));
  frame.set(payload, 2 + extended);
  return frame;
}

/** The server's end of one WebSocket. */
export class ServerSocket {
  readonly link: Link;
  readonly #maxMessageBytes: number;
  #closeSent = false;

  /** @param maxMessageBytes larger messages of the client are refused with close code 1009 */
  constructor(link: Link, maxMessageBytes: number) {
    this.link = link;
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** Sends what {@linkcode encodeMessage} made; nothing after a close frame. */
  send(encoded: Uint8Array): void {
    if (!this.#closeSent) this.link.write(encoded);
  }

  ping(): void {
    this.send(encodeFrame(OPCODE.ping, new Uint8Array(0)));
  }

  /** Begins the closing handshake; the first call counts. */
  close(code: number, reason = ""): void {
    if (this.#closeSent) return;
    // A control frame holds 125 bytes at most, two of them the code.
    const text = encoder.encode(reason).subarray(0, 123);
    const payload = new Uint8Array(2 + text.length);
    new DataView(payload.buffer).setUint16(0, code);
    payload.set(text, 2);
    this.link.write(encodeFrame(OPCODE.close, payload));
    this.#closeSent = true;
  }

  /** The client's messages, until either side closes. The connection is gone afterwards. */
  async *messages(): AsyncGenerator<Message> {
    try {
      while (true) {
        const message = await this.#nextMessage();
        if (message === undefined) break;
        if (!this.#closeSent) yield message;
      }
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      this.close(error.code, error.message);
      await this.link.drain();
    } finally {
      this.link.cutBehind();
    }
  }

  async #nextMessage(): Promise<Message | undefined> {
    const parts: Uint8Array[] = [];
    let size = 0;
    let opcode: number | undefined;
    while (true) {
      const frame = await this.#nextFrame(this.#maxMessageBytes - size);
      if (frame === undefined) return undefined;
      if (frame.opcode === OPCODE.close) {
        const code = frame.payload.length >= 2
          ? new DataView(frame.payload.buffer, frame.payload.byteOffset).getUint16(0)
          : 1000;
        this.close(code);
        return undefined;
      }
      if (frame.opcode === OPCODE.ping) this.send(encodeFrame(OPCODE.pong, frame.payload));
      if (frame.opcode >= OPCODE.close) continue;
      if ((frame.opcode === OPCODE.continuation) !== (opcode !== undefined)) {
        throw new Violation(1002, "Unexpected continuation");
      }
      opcode ??= frame.opcode;
      parts.push(frame.payload);
      size += frame.payload.length;
      if (!frame.final) continue;
      const payload = concat(parts, size);
      if (opcode === OPCODE.binary) return payload;
      try {
        return strictDecoder.decode(payload);
      } catch {
        throw new Violation(1007, "Text is not UTF-8");
      }
    }
  }

  async #nextFrame(
    limit: number,
  ): Promise<{ opcode: number; final: boolean; payload: Uint8Array } | undefined> {
    const head = await this.link.readExactly(2);
    if (head === undefined) return undefined;
    const [first = 0, second = 0] = head;
    if ((second & 0x80) === 0 || (first & 0x70) !== 0) throw new Violation(1002, "Bad frame");
    let size = second & 0x7f;
    if (size >= 126) {
      const width = size === 126 ? 2 : 8;
      const extended = await this.link.readExactly(width);
      if (extended === undefined) return undefined;
      const view = new DataView(extended.buffer, extended.byteOffset);
      size = width === 2 ? view.getUint16(0) : Number(view.getBigUint64(0));
    }
    if (size > limit) {
      throw new Violation(1009, `Message is larger than ${this.#maxMessageBytes} bytes`);
    }
    const masked = await this.link.readExactly(4 + size);
    if (masked === undefined) return undefined;
    const payload = masked.slice(4);
    for (let index = 0; index < size; index++) {
      payload[index] = (payload[index] ?? 0) ^ (masked[index & 3] ?? 0);
    }
    return { opcode: first & 0x0f, final: (first & 0x80) !== 0, payload };
  }
}
