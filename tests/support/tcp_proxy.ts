/** What happens to the bytes that go from the server to a client. */
interface Plan {
  /** So many still go through, then the connection is cut. */
  readonly cutAfter: number;
  /** So many still go through, then no more: neither way, and nothing is closed. */
  readonly swallowAfter: number;
}

const NO_PLAN: Plan = { cutAfter: Infinity, swallowAfter: Infinity };

/** A connection of a client, and the one to the server that it is passed on to. */
interface Pair {
  readonly client: Deno.TcpConn;
  readonly server: Deno.TcpConn;
  readonly plan: Plan;
  sent: number;
  isSwallowing: boolean;
}

/**
 * Stands between a client and a server on loopback, and does to their bytes what networks do. Its
 * faults are those of TCP: connections end in the middle of anything, stop without a word, or are
 * not made at all.
 */
export class TcpProxy implements AsyncDisposable {
  readonly #target: number;
  readonly #listener: Deno.TcpListener;
  readonly #pairs = new Set<Pair>();
  readonly #running = new Set<Promise<void>>();
  readonly #plans: Plan[] = [];
  #refuses = false;
  #isStalled = false;
  #isMute = false;
  #flowing: (() => void)[] = [];
  #accepted = 0;
  #cuts = 0;
  #isClosed = false;

  /** @param target port on 127.0.0.1 */
  constructor(target: number) {
    this.#target = target;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#track(this.#acceptAll());
  }

  get url(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}`;
  }

  /** How many connections came in so far. */
  get accepted(): number {
    return this.#accepted;
  }

  /** How many connections are open. */
  get open(): number {
    return this.#pairs.size;
  }

  /** Cuts every open connection now. */
  cut(): void {
    this.#cuts++;
    for (const pair of this.#pairs) close(pair);
  }

  /** Cuts the next connection that comes after so many bytes to the client. */
  cutNext(bytes: number): void {
    this.#plans.push({ ...NO_PLAN, cutAfter: bytes });
  }

  /** Lets every open connection die without a word: no byte goes through, and nothing is closed. */
  swallow(): void {
    for (const pair of this.#pairs) pair.isSwallowing = true;
  }

  /** The same for the next connection that comes, after so many bytes to the client. */
  swallowNext(bytes: number): void {
    this.#plans.push({ ...NO_PLAN, swallowAfter: bytes });
  }

  /** Lets what clients send get lost, for good, until {@linkcode unmute}. */
  mute(): void {
    this.#isMute = true;
  }

  unmute(): void {
    this.#isMute = false;
  }

  /** Closes connections that come from now on at once, until {@linkcode accept}. */
  refuse(): void {
    this.#refuses = true;
  }

  accept(): void {
    this.#refuses = false;
  }

  /** Holds every byte to clients back, until {@linkcode resume}. */
  stall(): void {
    this.#isStalled = true;
  }

  resume(): void {
    this.#isStalled = false;
    for (const resolve of this.#flowing.splice(0)) resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#listener.close();
    this.resume();
    this.cut();
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  async #acceptAll(): Promise<void> {
    while (!this.#isClosed) {
      let client: Deno.TcpConn;
      try {
        client = await this.#listener.accept();
      } catch {
        return;
      }
      this.#accepted++;
      if (this.#refuses) client.close();
      else this.#track(this.#serve(client));
    }
  }

  async #serve(client: Deno.TcpConn): Promise<void> {
    const cuts = this.#cuts;
    let server: Deno.TcpConn;
    try {
      server = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
    } catch {
      return client.close();
    }
    const plan = this.#plans.shift() ?? NO_PLAN;
    const pair: Pair = { client, server, plan, sent: 0, isSwallowing: false };
    if (cuts !== this.#cuts) return close(pair);
    this.#pairs.add(pair);
    const ends = [this.#pass(client, server, pair), this.#passToClient(pair)];
    await Promise.race(ends);
    close(pair);
    await Promise.all(ends);
    this.#pairs.delete(pair);
  }

  async #pass(from: Deno.TcpConn, to: Deno.TcpConn, pair: Pair): Promise<void> {
    try {
      for await (const bytes of readings(from)) {
        if (!pair.isSwallowing && !this.#isMute) await writeAll(to, bytes);
      }
    } catch {
      // The other one was closed.
    }
  }

  async #passToClient(pair: Pair): Promise<void> {
    const { client, server, plan } = pair;
    try {
      for await (const bytes of readings(server)) {
        while (this.#isStalled) await new Promise<void>((resolve) => this.#flowing.push(resolve));
        if (pair.isSwallowing) continue;
        const left = Math.min(plan.cutAfter, plan.swallowAfter) - pair.sent;
        pair.sent += bytes.length;
        await writeAll(client, bytes.subarray(0, Math.max(0, left)));
        if (left > bytes.length) continue;
        if (plan.cutAfter <= pair.sent) return;
        pair.isSwallowing = true;
      }
      // A server that is done is no reason to wake up a client that hears nothing.
      while (pair.isSwallowing && await client.read(new Uint8Array(1024)) !== null);
    } catch {
      // The other one was closed.
    }
  }
}

async function* readings(conn: Deno.TcpConn): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(64 * 1024);
  while (true) {
    const size = await conn.read(buffer);
    if (size === null) return;
    yield buffer.subarray(0, size);
  }
}

async function writeAll(conn: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let start = 0; start < bytes.length;) start += await conn.write(bytes.subarray(start));
}

function close({ client, server }: Pair): void {
  for (const conn of [client, server]) {
    try {
      conn.close();
    } catch {
      // It was closed already.
    }
  }
}
