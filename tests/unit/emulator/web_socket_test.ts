import { assertEquals } from "@std/assert";
import type { Emulator } from "../../../src/emulator/emulator.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { startServer } from "../../support/server.ts";

const FINAL = 0x80;
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

interface RawFrame {
  readonly head: number;
  readonly payload: Uint8Array;
}

/** A WebSocket client by hand, which can also do what none does. */
class RawSocket implements Disposable {
  readonly #conn: Deno.Conn;
  #input = new Uint8Array(0);

  private constructor(conn: Deno.Conn) {
    this.#conn = conn;
  }

  static async open(emulator: Emulator, id: string): Promise<RawSocket> {
    const socket = new RawSocket(
      await Deno.connect({ hostname: "127.0.0.1", port: emulator.port }),
    );
    const jwt = await emulator.mintToken(emulator.accounts.users.analyst);
    const lines = [
      `GET /v1/ws/sessions/${id} HTTP/1.1`,
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      `Authorization: Bearer ${jwt}`,
    ];
    await socket.#conn.write(new TextEncoder().encode(lines.join("\r\n") + "\r\n\r\n"));
    while (!new TextDecoder().decode(socket.#input).includes("\r\n\r\n")) await socket.#more();
    const end = new TextDecoder().decode(socket.#input).indexOf("\r\n\r\n");
    socket.#input = socket.#input.slice(end + 4);
    return socket;
  }

  async send(head: number, payload: string | Uint8Array, { masked = true } = {}): Promise<void> {
    const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
    const mask = masked ? [1, 2, 3, 4] : [];
    const masking = masked ? 0x80 : 0;
    const size = bytes.length < 126
      ? [masking | bytes.length]
      : [masking | 126, bytes.length >> 8, bytes.length & 0xff];
    const body = bytes.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
    await this.#conn.write(new Uint8Array([head, ...size, ...mask, ...body]));
  }

  /** The next frame; undefined when the server has closed the connection. */
  async next(): Promise<RawFrame | undefined> {
    if (!await this.#have(2)) return undefined;
    let size = (this.#input[1] ?? 0) & 0x7f;
    let start = 2;
    if (size === 126) {
      await this.#have(4);
      size = (this.#input[2] ?? 0) << 8 | (this.#input[3] ?? 0);
      start = 4;
    }
    await this.#have(start + size);
    const frame = { head: this.#input[0] ?? 0, payload: this.#input.slice(start, start + size) };
    this.#input = this.#input.slice(start + size);
    return frame;
  }

  async #have(size: number): Promise<boolean> {
    while (this.#input.length < size) if (!await this.#more()) return false;
    return true;
  }

  async #more(): Promise<boolean> {
    const buffer = new Uint8Array(64 * 1024);
    const size = await this.#conn.read(buffer);
    if (size === null) return false;
    this.#input = new Uint8Array([...this.#input, ...buffer.subarray(0, size)]);
    return true;
  }

  [Symbol.dispose](): void {
    this.#conn.close();
  }
}

function closeCode(frame: RawFrame | undefined): number | undefined {
  if (frame?.head !== (FINAL | CLOSE)) return undefined;
  return (frame.payload[0] ?? 0) << 8 | (frame.payload[1] ?? 0);
}

Deno.test("ServerSocket.messages puts fragments together, with control frames between them", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession();
  using socket = await RawSocket.open(emulator, session.id);
  await socket.next();
  await socket.send(TEXT, '{"type":"prompt",');
  await socket.send(FINAL | PING, "still here?");
  await socket.send(0, '"payload":{"te');
  await socket.send(FINAL, `xt":"${"long ".repeat(100)}"}}`);
  assertEquals(await session.received("prompt"), {
    type: "prompt",
    payload: { text: "long ".repeat(100) },
  });
  assertEquals(await socket.next(), {
    head: FINAL | PONG,
    payload: new TextEncoder().encode("still here?"),
  });
});

Deno.test("ServerSocket.messages closes on what breaks the protocol", async () => {
  await using emulator = await startServer();
  const { id } = emulator.createSession();
  const code = async (violate: (socket: RawSocket) => Promise<void>) => {
    using socket = await RawSocket.open(emulator, id);
    await socket.next();
    await violate(socket);
    return closeCode(await socket.next());
  };
  assertEquals(await code((it) => it.send(FINAL | TEXT, "{}", { masked: false })), 1002);
  assertEquals(await code((it) => it.send(FINAL | 0x40 | TEXT, "{}")), 1002);
  assertEquals(await code((it) => it.send(FINAL, "continued")), 1002);
  assertEquals(
    await code(async (it) => {
      await it.send(TEXT, "a");
      await it.send(FINAL | TEXT, "b");
    }),
    1002,
  );
  assertEquals(await code((it) => it.send(FINAL | TEXT, new Uint8Array([0xff]))), 1007);
});

Deno.test("ServerSocket.messages answers a close with a close, and hangs up", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession();
  using socket = await RawSocket.open(emulator, session.id);
  await socket.next();
  await socket.send(FINAL | CLOSE, new Uint8Array([3, 0xe9]));
  assertEquals(closeCode(await socket.next()), 1001);
  assertEquals(await socket.next(), undefined);
  await session.detached();
});

Deno.test("Attachment.run sends pings every 30 seconds", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock });
  const session = emulator.createSession();
  using socket = await RawSocket.open(emulator, session.id);
  await socket.next();
  await clock.advance(30_000);
  assertEquals((await socket.next())?.head, FINAL | PING);
  await socket.send(FINAL | PONG, "");
  // A pong is no message: the client is dropped in spite of it.
  await clock.advance(30_000);
  assertEquals(closeCode(await socket.next()), 4101);
});

Deno.test("Attachment.close hangs up on a client that does not answer", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock });
  const session = emulator.createSession();
  using socket = await RawSocket.open(emulator, session.id);
  await socket.next();
  session.close(4500, "x".repeat(200));
  const frame = await socket.next();
  assertEquals([closeCode(frame), frame?.payload.length], [4500, 125]);
  await clock.advance(10_000);
  assertEquals(await socket.next(), undefined);
});

Deno.test("EmulatedSession.push marks binary frames as binary", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession();
  using socket = await RawSocket.open(emulator, session.id);
  await socket.next();
  await session.push("text");
  await session.push("text", { binary: true });
  assertEquals((await socket.next())?.head, FINAL | TEXT);
  assertEquals((await socket.next())?.head, FINAL | BINARY);
});
