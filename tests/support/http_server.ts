/** A request that came in. */
export interface Received {
  readonly method: string;
  /** Path and query, as they came. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A server on loopback that keeps what it receives; it stops at the end of its scope. */
export interface TestServer extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string;
  readonly received: readonly Received[];
}

/** Answers one request. */
export type Answer = (request: Received) => Response | Promise<Response>;

/** Serves HTTP, or HTTPS where it is given a certificate. */
export function serveAnswers(answer: Answer, tls?: { cert: string; key: string }): TestServer {
  const received: Received[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {}, ...tls },
    async (request) => {
      const { pathname, search } = new URL(request.url);
      const one = {
        method: request.method,
        path: pathname + search,
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
      };
      received.push(one);
      return await answer(one);
    },
  );
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${server.addr.port}`,
    received,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Answers requests with these, in order; one more is a mistake that answers 599. */
export function inOrder(...answers: readonly (Response | Answer)[]): Answer {
  let next = 0;
  return (request) => {
    const answer = answers[next++];
    if (answer === undefined) return new Response("Unexpected request", { status: 599 });
    return answer instanceof Response ? answer : answer(request);
  };
}

/** A server of bytes: it reads the beginning of a request, writes the bytes, and hangs up. */
export interface ByteServer extends AsyncDisposable {
  readonly url: string;
  /** Connections so far. */
  readonly connections: number;
}

/**
 * Serves the same bytes on every connection.
 *
 * @param hangUp false to leave the connections open until the end of the scope
 */
export function serveBytes(bytes: string, { hangUp = true } = {}): ByteServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  let connections = 0;
  const serve = async (connection: Deno.Conn) => {
    open.add(connection);
    connections++;
    await connection.read(new Uint8Array(64 * 1024));
    await connection.write(new TextEncoder().encode(bytes));
    if (hangUp) close(connection);
  };
  const close = (connection: Deno.Conn) => {
    if (open.delete(connection)) connection.close();
  };
  const accept = async () => {
    for await (const connection of listener) serve(connection).catch(() => close(connection));
  };
  const done = accept();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      await done;
      for (const connection of open) close(connection);
    },
  };
}

/** A URL of this machine on which nothing listens. */
export function closedUrl(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return `http://127.0.0.1:${listener.addr.port}`;
}

/** An answer with JSON. */
export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(value, { status, headers });
}
