import { assertEquals, assertRejects } from "@std/assert";
import { raceAgainst } from "../../../src/api/race.ts";

Deno.test("raceAgainst() gives each promise's value while the lasting one waits", async () => {
  const race = raceAgainst(new Promise<string>(() => {}));
  assertEquals(await race(Promise.resolve(1)), 1);
  assertEquals(await race(Promise.resolve(2)), 2);
});

Deno.test("raceAgainst() gives the lasting one's value when that settles first", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const race = raceAgainst(promise);
  assertEquals(await race(Promise.resolve(1)), 1);
  const turn = race(new Promise<number>(() => {}));
  resolve("lasting");
  assertEquals(await turn, "lasting");
});

Deno.test("raceAgainst() gives the lasting one's value to who asks after it has settled", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const race = raceAgainst(promise);
  resolve("lasting");
  await promise;
  assertEquals(await race(new Promise<number>(() => {})), "lasting");
});

Deno.test("raceAgainst() rejects as the promise does", async () => {
  const race = raceAgainst(new Promise<string>(() => {}));
  await assertRejects(() => race(Promise.reject(new RangeError("No more"))), RangeError, "No more");
});

Deno.test("raceAgainst() listens to the lasting promise once, however often it races", async () => {
  let listeners = 0;
  class Counted extends Promise<string> {
    override then<A, B>(
      fulfilled?: ((value: string) => A | PromiseLike<A>) | null,
      rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
    ): Promise<A | B> {
      listeners++;
      return super.then(fulfilled, rejected);
    }
  }
  const lasting = new Counted(() => {});
  const race = raceAgainst(lasting);
  await race(Promise.resolve(1));
  await race(Promise.resolve(2));
  assertEquals(listeners, 1);
});
