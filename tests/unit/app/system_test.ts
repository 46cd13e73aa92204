import { assertEquals, assertRejects } from "@std/assert";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { systemClock } from "../../../src/app/system.ts";

/** Frees everything that nothing leads to. */
function collect(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
}

/** Ends a long sleep early, and gives what waited for it, as long as that is still there. */
async function endedEarly(): Promise<WeakRef<Promise<void>>> {
  const end = new AbortController();
  const sleep = systemClock.sleep(60 * 60_000, end.signal);
  end.abort(new Error("Enough"));
  await assertRejects(() => sleep, Error, "Enough");
  return new WeakRef(sleep);
}

Deno.test("systemClock.sleep() that is ended early keeps nothing of what waited", async () => {
  const sleep = await endedEarly();
  // What a WeakRef was made of stays until the turn of the event loop is over.
  await systemClock.sleep(0);
  collect();
  assertEquals(sleep.deref(), undefined);
});
