import { join } from "node:path";
import { DENO, DEPENDENCY_OPTIONS, ROOT } from "../deno_call.ts";
import { linesOf } from "./lines.ts";
import {
  type ServerAnswers,
  type ServerReady,
  type ServerRequest,
  TLS_ARGUMENT,
} from "./server_messages.ts";

/** The embedded server, in a process of its own, so that it shares no time with the bench. */
export class ServerProcess implements AsyncDisposable {
  readonly ready: ServerReady;
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #answers: AsyncGenerator<string>;

  private constructor(
    child: Deno.ChildProcess,
    answers: AsyncGenerator<string>,
    ready: ServerReady,
  ) {
    this.ready = ready;
    this.#child = child;
    this.#input = child.stdin.getWriter();
    this.#answers = answers;
  }

  /** @param tls whether it serves `https://` and `wss://`, as the service does */
  static async start({ tls = false } = {}): Promise<ServerProcess> {
    const child = new Deno.Command(DENO, {
      args: [
        "run",
        "--quiet",
        "--allow-all",
        ...DEPENDENCY_OPTIONS,
        join(ROOT, "scripts/bench/server.ts"),
        ...(tls ? [TLS_ARGUMENT] : []),
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const answers = linesOf(child.stdout);
    return new ServerProcess(child, answers, JSON.parse(await next(answers)));
  }

  /** Asks for something; one request at a time. */
  async ask<Type extends keyof ServerAnswers>(
    request: Extract<ServerRequest, { type: Type }>,
  ): Promise<ServerAnswers[Type]> {
    await this.#input.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`));
    return JSON.parse(await next(this.#answers));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    await this.#answers.return(undefined);
    await this.#child.status;
  }
}

async function next(lines: AsyncGenerator<string>): Promise<string> {
  const { done, value } = await lines.next();
  if (done === true) throw new Error("Cannot go on: the server process has ended");
  return value;
}
