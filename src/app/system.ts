import { CliffyPrompter } from "../term/cliffy_prompter.ts";
import { systemTerminal } from "../term/system.ts";
import type { Clock, Process } from "./deps.ts";
import { CliError } from "./errors.ts";
import { ExitCode } from "./exit_codes.ts";
import { createSecrets } from "./secrets.ts";
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

/** The real process: its terminal, environment, network, time and signals. */
export function systemProcess(): Process {
  const terminal = systemTerminal();
  const { signal, onInterrupt } = systemSignals();
  return {
    version: VERSION,
    env: Deno.env,
    terminal,
    prompter: new CliffyPrompter(terminal, systemClock, signal),
    clock: systemClock,
    network: { fetch, WebSocket },
    secrets: createSecrets(),
    signal,
    onInterrupt,
  };
}

const TERMINATION_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/** Turns the system's signals into one AbortSignal, and Ctrl-C into a call where somebody wants it. */
function systemSignals(): Pick<Process, "signal" | "onInterrupt"> {
  const stop = new AbortController();
  const listeners: (() => void)[] = [];
  for (const name of TERMINATION_SIGNALS) {
    Deno.addSignalListener(name, () => {
      const listener = name === "SIGINT" ? listeners.at(-1) : undefined;
      if (listener !== undefined && !stop.signal.aborted) listener();
      else {
        stop.abort(
          new CliError(`Ended by ${name}`, { exitCode: ExitCode.Interrupted }),
        );
      }
    });
  }
  return {
    signal: stop.signal,
    onInterrupt(listener) {
      listeners.push(listener);
      return { [Symbol.dispose]: () => void listeners.splice(listeners.indexOf(listener), 1) };
    },
  };
}
