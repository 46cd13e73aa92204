import { assertEquals } from "@std/assert";
import { Outbox } from "../../../src/chat/outbox.ts";

Deno.test("Outbox.sendWhile() sends in order while it may, and keeps what could not be sent", () => {
  const outbox = new Outbox();
  for (const text of ["a", "b", "c"]) outbox.add(text);
  const sent: string[] = [];
  const send = (text: string) => text !== "c" && sent.push(text) > 0;
  outbox.sendWhile(() => sent.length < 1, send);
  assertEquals([sent, outbox.queued], [["a"], ["b", "c"]]);
  outbox.sendWhile(() => true, send);
  assertEquals([sent, outbox.queued], [["a", "b"], ["c"]]);
  assertEquals([outbox.takeBack(), outbox.takeBack(), outbox.clear()], ["c", undefined, false]);
});

Deno.test("Outbox.queueDoubtful() puts what may be lost before all else, unless it has arrived", () => {
  const outbox = new Outbox();
  outbox.add("later");
  for (const text of ["lost", "found"]) outbox.doubt(text);
  outbox.arrived("found");
  outbox.arrived("never in doubt");
  assertEquals([outbox.isInDoubt, outbox.queueDoubtful()], [true, true]);
  assertEquals([outbox.queued, outbox.isInDoubt], [["lost", "later"], false]);
  assertEquals(outbox.queueDoubtful(), false);
});
