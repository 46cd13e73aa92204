// The embedded server in a process of its own: takes a request a line on stdin, as JSON, and answers
// each with a line on stdout. It ends with its stdin. With --tls it serves https:// and wss://.
import type { EmulatedSession, Emulator } from "../../src/emulator/emulator.ts";
import { startServer } from "../../tests/support/server.ts";
import { createCertificates } from "../../tests/support/tls.ts";
import { linesOf } from "./lines.ts";
import {
  type ServerAnswers,
  type ServerReady,
  type ServerRequest,
  TLS_ARGUMENT,
} from "./server_messages.ts";

/** Pages of 50, as the service gives them to those who ask for no size. */
const PAGE = 50;

const TRICKLE_SECONDS = 60;

const FIRST = Date.UTC(2026, 4, 1, 10, 20, 30);

function frame(number: number): string {
  return JSON.stringify({
    type: "assistant",
    timestamp: new Date(FIRST + number * 1_234).toISOString(),
    session_id: "7c1f0a52-5d2f-4c55-9a51-2f2d5f6f0b11",
    payload: {
      content: [{
        type: "text",
        text: `step ${number}: the process tree of the sensor shows rundll32.exe, started by ` +
          "winword.exe, which is worth a closer look.",
      }],
    },
  });
}

async function stream(
  session: EmulatedSession,
  { frames, links }: Extract<ServerRequest, { type: "stream" }>,
): Promise<number> {
  const texts = Array.from({ length: 1_000 }, (_, number) => frame(number));
  await session.attached(links);
  const startedAt = Date.now();
  for (let number = 0; number < frames; number++) {
    const sent = session.push(texts[number % texts.length] ?? "", { recorded: false });
    // Of several links one may never be read: no frame can wait for that.
    if (links === 1) await sent;
    else if (number % 100 === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  // Not by the end of the session, behind which the server waits no longer than for a client that
  // reads fast.
  const end = { type: "session_end", payload: { reason: "completed", exit_code: 0 } };
  void session.push(end, { recorded: false });
  await session.detached();
  session.end("completed", 0);
  return startedAt;
}

async function trickle(session: EmulatedSession, perSecond: number): Promise<void> {
  const started = performance.now();
  const most = perSecond * TRICKLE_SECONDS;
  for (let sent = 0; sent < most && session.connections > 0 && session.status === "running";) {
    const due = (performance.now() - started) / 1000 * perSecond;
    while (sent < Math.min(due, most)) await session.push(frame(++sent), { recorded: false });
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function addSessions({ createSession, accounts }: Emulator, count: number): void {
  for (let number = 0; number < count; number++) {
    createSession({
      owner: { oid: accounts.organizations.acme.oid },
      status: "ended",
      createdAt: Date.UTC(2026, 0, 1) + number * 1_000,
      settings: {
        name: `triage ${number}`,
        prompt: "Look into the detection below, and say whether it needs somebody's attention.",
      },
    });
  }
}

function find(server: Emulator, id: string): EmulatedSession {
  const session = server.session(id);
  if (session === undefined) throw new Error(`Cannot find session "${id}"`);
  return session;
}

async function answer(
  server: Emulator,
  request: ServerRequest,
): Promise<ServerAnswers[keyof ServerAnswers]> {
  switch (request.type) {
    case "session":
      return { session: server.createSession().id };
    case "stream":
      return { startedAt: await stream(find(server, request.session), request) };
    case "trickle": {
      const session = find(server, request.session);
      await session.attached();
      void trickle(session, request.perSecond);
      return {};
    }
    case "end":
      find(server, request.session).end("completed", 0);
      return {};
    case "sessions":
      addSessions(server, request.count);
      return {};
  }
}

function say(message: object): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(message)}\n`));
}

using tls = Deno.args.includes(TLS_ARGUMENT) ? await createCertificates() : undefined;
await using server = await startServer({ largestPage: PAGE, ...(tls && { tls }) });
const { url, accounts: { users, organizations } } = server;
const environment = { ...server.environment, ...(tls && { DENO_CERT: tls.caFile }) };
const token = await server.mintToken(users.analyst, organizations.acme.oid);
say({ environment, url, token } satisfies ServerReady);
for await (const line of linesOf(Deno.stdin.readable)) say(await answer(server, JSON.parse(line)));
