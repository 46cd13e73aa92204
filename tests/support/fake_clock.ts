import type { Clock } from "../../src/app/deps.ts";

interface Sleeper {
  readonly due: number;
  wake(): void;
}

/** Time that passes only when a test says so. */
export class FakeClock implements Clock {
  readonly #sleepers = new Set<Sleeper>();
  readonly #watchers = new Set<() => void>();
  #now: number;

  /** @param now milliseconds since 1970-01-01 UTC, or an ISO 8601 date */
  constructor(now: number | string = "2026-01-02T03:04:05.000Z") {
    this.#now = typeof now === "string" ? Date.parse(now) : now;
  }

  now(): number {
    return this.#now;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper = { due: this.#now + milliseconds, wake: resolve };
    const abort = () => reject(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    this.#sleepers.add(sleeper);
    for (const look of this.#watchers) look();
    try {
      await promise;
    } finally {
      this.#sleepers.delete(sleeper);
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Milliseconds that each sleeper still has to wait, the next one first. */
  get pending(): number[] {
    return this.#inOrder().map(({ due }) => due - this.#now);
  }

  /**
   * Lets time pass. Sleepers wake one by one in the order in which they are due; what each of them
   * does at once, such as sleeping again, is done before the next one wakes.
   */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    while (true) {
      const next = this.#inOrder()[0];
      if (next === undefined || next.due > end) break;
      this.#now = Math.max(this.#now, next.due);
      this.#sleepers.delete(next);
      next.wake();
      await turn();
    }
    this.#now = end;
  }

  /** Waits until that many sleepers wait. */
  async sleepers(count: number): Promise<void> {
    if (this.#sleepers.size >= count) return;
    await new Promise<void>((resolve) => {
      const look = () => {
        if (this.#sleepers.size < count) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
    });
  }

  #inOrder(): Sleeper[] {
    // Sorting is stable: of two that are due at once, the one that slept first wakes first.
    return [...this.#sleepers].sort((one, other) => one.due - other.due);
  }
}

/** Lets everything go on that waits for nothing but its turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
