import type { Clock } from "../../app/deps.ts";

/** How long something may take; ends with its scope. */
export interface TimeLimit extends Disposable {
  /** Aborted when the time is over, and with the caller's signal. */
  readonly signal: AbortSignal;
  /** Settles when the signal is aborted. */
  readonly reached: Promise<void>;
  /** Whether the time is over. */
  readonly over: boolean;
}

/** Limits the time that something may take. */
export function limitTime(clock: Clock, milliseconds: number, parent: AbortSignal): TimeLimit {
  const late = new AbortController();
  const done = new AbortController();
  clock.sleep(milliseconds, done.signal).then(() => late.abort(), () => {});
  const signal = AbortSignal.any([parent, late.signal]);
  return {
    signal,
    reached: new Promise((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    }),
    get over() {
      return late.signal.aborted;
    },
    [Symbol.dispose]: () => done.abort(),
  };
}
