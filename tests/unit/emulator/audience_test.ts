import { assertEquals } from "@std/assert";
import { USERS } from "../../../src/emulator/accounts.ts";
import type { EmulatedSession } from "../../../src/emulator/emulator.ts";
import { historyOf } from "../../../src/protocol/frames.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { startServer } from "../../support/server.ts";
import { connect, type Socket } from "./client.ts";

async function say(session: EmulatedSession, ...texts: string[]): Promise<void> {
  for (const text of texts) await session.push({ type: "assistant", payload: { content: text } });
}

/** What a client has seen: the texts in its history, and those that came after it. */
async function seen(socket: Socket, live: number): Promise<[string[], string[]]> {
  await socket.received(1 + live);
  const [history, ...rest] = socket.frames;
  const content = ({ payload }: { payload: { readonly [key: string]: unknown } }) =>
    String(payload["content"]);
  return [historyOf(history?.payload ?? {}).map(content), rest.map(content)];
}

Deno.test("Audience.admit gives what is older as history, and replays the last minute", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock });
  const session = emulator.createSession({
    history: [{ type: "user", payload: { content: "a" } }],
  });
  await say(session, "b");
  await clock.advance(40_000);
  await say(session, "c");
  await clock.advance(20_001);
  await say(session, "d");
  await using socket = await connect(emulator, session.id);
  assertEquals(await seen(socket, 2), [["a", "b"], ["c", "d"]]);
});

Deno.test("Audience.admit replays to a client what it missed, and no more", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock });
  const session = emulator.createSession();
  const before = await connect(emulator, session.id);
  await session.attached();
  await say(session, "a", "b");
  assertEquals(await seen(before, 2), [[], ["a", "b"]]);
  await before.close();
  await session.detached();
  await say(session, "c", "d");
  await using after = await connect(emulator, session.id);
  assertEquals(await seen(after, 2), [["a", "b"], ["c", "d"]]);
});

Deno.test("Audience.admit replays nothing of what is older than a minute", async () => {
  const clock = new FakeClock();
  await using emulator = await startServer({ clock });
  const session = emulator.createSession();
  await say(session, "a");
  await clock.advance(60_001);
  await using socket = await connect(emulator, session.id);
  assertEquals(await seen(socket, 0), [["a"], []]);
});

Deno.test("Audience.admit gives a second client of the same user the history alone", async () => {
  await using emulator = await startServer();
  const session = emulator.createSession();
  await using one = await connect(emulator, session.id);
  await session.attached();
  await say(session, "a");
  assertEquals(await seen(one, 1), [[], ["a"]]);
  await using other = await connect(emulator, session.id);
  assertEquals(await seen(other, 0), [["a"], []]);
  await say(session, "b");
  assertEquals(await seen(one, 2), [[], ["a", "b"]]);
  assertEquals(await seen(other, 1), [["a"], ["b"]]);
});

Deno.test("Audience.admit knows the clients of different users apart", async () => {
  await using emulator = await startServer();
  const { oid } = emulator.accounts.organizations.acme;
  const session = emulator.createSession({ owner: { oid } });
  const first = await connect(emulator, session.id, { org: true });
  await session.attached();
  await say(session, "a");
  await seen(first, 1);
  await first.close();
  await using other = await connect(emulator, session.id, { org: true, holder: USERS.colleague });
  assertEquals(await seen(other, 1), [[], ["a"]]);
});

Deno.test("Audience.admit puts what is replayed into the history too when it is asked to", async () => {
  await using emulator = await startServer({ faults: [{ kind: "overlap" }] });
  const session = emulator.createSession();
  await say(session, "a");
  await using socket = await connect(emulator, session.id);
  assertEquals(await seen(socket, 1), [["a"], ["a"]]);
});

Deno.test("Attachment.run sends no history when it is asked to", async () => {
  await using emulator = await startServer({ faults: [{ kind: "no-history" }] });
  const session = emulator.createSession();
  await say(session, "a");
  await using socket = await connect(emulator, session.id);
  await socket.frame("assistant");
  assertEquals(socket.types, ["assistant"]);
});

Deno.test("Audience.dismiss replays what a broken connection was not sent", async () => {
  await using emulator = await startServer({ faults: [{ kind: "drop", after: 3, times: 1 }] });
  const session = emulator.createSession();
  await say(session, "a", "b", "c", "d");
  const broken = await connect(emulator, session.id);
  await broken.closed;
  assertEquals(await seen(broken, 2), [[], ["a", "b"]]);
  await using whole = await connect(emulator, session.id);
  assertEquals(await seen(whole, 2), [["a", "b"], ["c", "d"]]);
});
