import type { Clock } from "../app/deps.ts";
import { CliError, messageOf } from "../app/errors.ts";
import { ExitCode } from "../app/exit_codes.ts";
import type { FaultPlan } from "./fault_plan.ts";
import {
  encodeResponse,
  errorResponse,
  HttpError,
  type HttpRequest,
  type HttpResponse,
  readRequest,
} from "./http.ts";
import { Link } from "./link.ts";
import { isUpgrade } from "./web_socket.ts";

/** What to do with requests. */
export interface ServerHandlers {
  readonly answer: (request: HttpRequest) => Promise<HttpResponse>;
  /** Serves a WebSocket until it is closed; tells the status of the handshake. */
  readonly upgrade: (
    request: HttpRequest,
    link: Link,
    answered: (status: number) => void,
  ) => Promise<void>;
  /** Is told of each request, with the status of its answer; 0 where there was none. */
  readonly log: (request: HttpRequest, status: number) => void;
}

export interface ServerOptions {
  readonly hostname: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly clock: Clock;
  readonly faults: FaultPlan;
}

const HTML = "<!DOCTYPE html><html><head><title>Sign in to continue</title></head>" +
  "<body><h1>Proxy authentication required</h1></body></html>\n";

/** An HTTP/1.1 server on real sockets, whose connections can go wrong on request. */
export class Server {
  readonly port: number;
  readonly #options: ServerOptions;
  readonly #listener: Deno.Listener;
  readonly #links = new Set<Link>();
  readonly #serving = new Set<Promise<void>>();
  #stopped = false;

  /** @throws {CliError} where it cannot listen: names the address and the cause */
  constructor(options: ServerOptions) {
    this.#options = options;
    this.#listener = listen(options);
    this.port = (this.#listener.addr as Deno.NetAddr).port;
  }

  /** Begins to accept connections. */
  start(handlers: ServerHandlers): void {
    this.#track(this.#accept(handlers));
  }

  /** Closes every connection, and settles when nothing is left. */
  async stop(): Promise<void> {
    if (!this.#stopped) this.#listener.close();
    this.#stopped = true;
    for (const link of this.#links) link.cut();
    while (this.#serving.size > 0) await Promise.all(this.#serving);
  }

  #track(serving: Promise<void>): void {
    this.#serving.add(serving);
    void serving.finally(() => this.#serving.delete(serving));
  }

  async #accept(handlers: ServerHandlers): Promise<void> {
    while (!this.#stopped) {
      let conn: Deno.Conn;
      try {
        conn = await this.#listener.accept();
      } catch {
        // Either the listener was closed, or a handshake failed and concerns that client alone.
        continue;
      }
      // Frames are small, and each is awaited: none may wait for the one before to be acknowledged.
      if ("setNoDelay" in conn) (conn as Deno.TcpConn).setNoDelay();
      this.#track(this.#serve(conn, handlers));
    }
  }

  async #serve(conn: Deno.Conn, handlers: ServerHandlers): Promise<void> {
    const { clock, faults } = this.#options;
    const link = new Link(conn, clock, () => faults.shaping());
    this.#links.add(link);
    try {
      while (await this.#serveRequest(link, handlers));
      await link.flush();
    } finally {
      link.cut();
      this.#links.delete(link);
    }
  }

  /** Serves one request. Returns whether another may follow on the connection. */
  async #serveRequest(link: Link, handlers: ServerHandlers): Promise<boolean> {
    let request: HttpRequest | undefined;
    try {
      request = await readRequest(link);
    } catch (error) {
      link.write(encodeResponse(errorResponse(error)));
      return false;
    }
    if (request === undefined) return false;
    const fault = this.#options.faults.strikeRequest(request);
    if (fault?.kind === "reset" || fault?.kind === "hang") {
      handlers.log(request, 0);
      if (fault.kind === "hang") link.silenceBehind();
      await link.flush();
      return false;
    }
    const undated = insteadOf(fault) ?? await this.#answer(request, link, handlers);
    if (undated === undefined) return false;
    const now = new Date(this.#options.clock.now());
    const response = { ...undated, headers: { Date: now.toUTCString(), ...undated.headers } };
    handlers.log(request, response.status);
    if (fault?.kind === "truncate-body") {
      link.write(encodeResponse(response, Math.floor((response.body ?? "").length / 2)));
      return false;
    }
    link.write(encodeResponse(response));
    return request.headers.get("connection")?.toLowerCase() !== "close";
  }

  /** Answers a request, or serves its WebSocket to the end and returns nothing. */
  async #answer(
    request: HttpRequest,
    link: Link,
    { answer, upgrade, log }: ServerHandlers,
  ): Promise<HttpResponse | undefined> {
    try {
      if (!isUpgrade(request)) return await answer(request);
      return void await upgrade(request, link, (status) => log(request, status));
    } catch (error) {
      return errorResponse(error);
    }
  }
}

/** What a fault has answered in place of the service; undefined where it lets that answer. */
function insteadOf(fault: ReturnType<FaultPlan["strikeRequest"]>): HttpResponse | undefined {
  if (fault?.kind === "html") {
    return { status: 200, headers: { "Content-Type": "text/html" }, body: HTML };
  }
  if (fault?.kind !== "status") return undefined;
  const { code, retryAfter } = fault;
  const headers = retryAfter === undefined ? undefined : { "Retry-After": String(retryAfter) };
  return errorResponse(new HttpError(code, `Status ${code} on request`, headers));
}

function listen({ hostname, port, tls }: ServerOptions): Deno.Listener {
  try {
    if (tls === undefined) return Deno.listen({ hostname, port });
    return Deno.listenTls({ hostname, port, ...tls, alpnProtocols: ["http/1.1"] });
  } catch (error) {
    throw new CliError(`Cannot listen on ${hostname}:${port}: ${messageOf(error)}`, {
      exitCode: ExitCode.Failure,
      hint: "Choose another port, or 0 for any that is free",
      cause: error,
    });
  }
}
