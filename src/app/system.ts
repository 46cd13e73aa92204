import { CliffyPrompter } from "../term/cliffy_prompter.ts";
import { isPlain } from "../term/is_plain.ts";
import { PlainPrompter } from "../term/plain_prompter.ts";
import type { Terminal } from "../term/terminal.ts";
import { AUTHORITY_VARIABLES } from "../net/authorities.ts";
import { createNetwork } from "../net/network.ts";
import { PROXY_VARIABLES } from "../net/route.ts";
import type { StoppableProcess } from "./crash.ts";
import type { Clock, Environment } from "./deps.ts";
import { CliError } from "./errors.ts";
import { ExitCode } from "./exit_codes.ts";
import { createSecrets } from "./secrets.ts";
import { VERSION } from "./version.ts";

/** The real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  // Not by setTimeout(): its first call loads the timers of Node.js, which takes 8 ms.
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const time = AbortSignal.timeout(milliseconds);
      const abort = () => {
        // Nothing ends it early: it must not keep what waited until it is over.
        time.onabort = null;
        reject(signal?.reason);
      };
      time.onabort = () => {
        signal?.removeEventListener("abort", abort);
        resolve();
      };
      signal?.addEventListener("abort", abort, { once: true });
    }),
};

/** The real process: its environment, network, time and signals, with its terminal. */
export function systemProcess(terminal: Terminal): StoppableProcess {
  const env = systemEnvironment();
  const secrets = createSecrets();
  const { signal, onInterrupt, stop } = systemSignals();
  return {
    version: VERSION,
    env,
    terminal,
    prompter: isPlain(env)
      ? new PlainPrompter(terminal, systemClock, signal)
      : new CliffyPrompter(terminal, systemClock, signal, true),
    clock: systemClock,
    secrets,
    openNetwork: ({ caFile }) =>
      createNetwork({
        runtime: () => ({ fetch, WebSocket }),
        env,
        caFile,
        clock: systemClock,
        secrets,
        userAgent: `limacharlie-ai/${VERSION}`,
      }),
    signal,
    onInterrupt,
    stop,
  };
}

/**
 * The environment, with the variables that the runtime would follow by itself taken out of its
 * sight: it reads them otherwise, and ignores those that are malformed.
 */
function systemEnvironment(): Environment {
  const taken = new Map<string, string>();
  for (const name of [...PROXY_VARIABLES, ...AUTHORITY_VARIABLES]) {
    const value = Deno.env.get(name);
    if (value === undefined) continue;
    taken.set(name, value);
    Deno.env.delete(name);
  }
  // Before it asks a proxy the runtime looks the target's name up for itself, and goes on without an
  // answer: where only the proxy knows names, that must not take long.
  const hasProxy = PROXY_VARIABLES.some((name) => taken.has(name));
  if (hasProxy && Deno.env.get("RES_OPTIONS") === undefined) {
    Deno.env.set("RES_OPTIONS", "timeout:1 attempts:2");
  }
  return { get: (name) => taken.get(name) ?? Deno.env.get(name) };
}

const TERMINATION_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];

/** Turns the system's signals into one AbortSignal, and Ctrl-C into a call where somebody wants it. */
function systemSignals(): Pick<StoppableProcess, "signal" | "onInterrupt" | "stop"> {
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
    stop: (reason) => stop.abort(reason),
    onInterrupt(listener) {
      listeners.push(listener);
      return { [Symbol.dispose]: () => void listeners.splice(listeners.indexOf(listener), 1) };
    },
  };
}
