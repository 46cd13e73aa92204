import { systemTerminal } from "../term/system.ts";
import type { Clock, Process } from "./deps.ts";
import { VERSION } from "./version.ts";

/** The real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", abort);
        resolve();
      }, milliseconds);
      const abort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", abort, { once: true });
    }),
};

/** The real process: its terminal, environment, network and time. */
export function systemProcess(signal: AbortSignal): Process {
  return {
    version: VERSION,
    env: Deno.env,
    terminal: systemTerminal(),
    clock: systemClock,
    network: { fetch, WebSocket },
    signal,
  };
}
