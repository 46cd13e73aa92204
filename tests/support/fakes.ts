import type { Deps, Environment, GlobalFlags, Network, Process } from "../../src/app/deps.ts";
import { ExitCode } from "../../src/app/exit_codes.ts";
import { makeDeps } from "../../src/app/make_deps.ts";
import { createSecrets } from "../../src/app/secrets.ts";
import { FakeClock } from "./fake_clock.ts";
import { FakePrompter } from "./fake_prompter.ts";
import { FakeTerminal } from "./fake_terminal.ts";

export { FakeClock, FakePrompter, FakeTerminal };

/** Environment variables that are just these. */
export function fakeEnvironment(variables: Readonly<Record<string, string>> = {}): Environment {
  const map = new Map(Object.entries(variables));
  return { get: (name) => map.get(name) };
}

/** A network on which every call is a mistake. */
export const NO_NETWORK: Network = {
  fetch: (input) => {
    const url = input instanceof Request ? input.url : String(input);
    return Promise.reject(new Error(`Unexpected request: ${url}`));
  },
  WebSocket: new Proxy(WebSocket, {
    construct(_, [url]) {
      throw new Error(`Unexpected WebSocket: ${url}`);
    },
  }),
};

/** What differs from a process with pipes, an empty environment, a fake clock and no network. */
export interface FakeProcessOptions {
  readonly prompter?: FakePrompter;
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: FakeTerminal;
  readonly clock?: FakeClock;
  readonly network?: Network;
  readonly signal?: AbortSignal;
}

/** A process for `run`, with its terminal and clock at hand. */
export interface FakeProcess extends Process {
  readonly terminal: FakeTerminal;
  readonly prompter: FakePrompter;
  readonly clock: FakeClock;
  /** Presses Ctrl-C: whoever listens is told, else the signal is aborted. */
  interrupt(): void;
}

/** Makes a process of fakes. */
export function fakeProcess(options: FakeProcessOptions = {}): FakeProcess {
  const stop = new AbortController();
  const listeners = new Set<() => void>();
  return {
    version: "1.2.3",
    env: fakeEnvironment({ TERM: "xterm-256color", ...options.env }),
    terminal: options.terminal ?? new FakeTerminal(),
    prompter: options.prompter ?? new FakePrompter(),
    clock: options.clock ?? new FakeClock(),
    secrets: createSecrets(),
    openNetwork: () => options.network ?? NO_NETWORK,
    signal: options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal,
    onInterrupt(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    interrupt() {
      if (listeners.size === 0) stop.abort();
      for (const listener of listeners) listener();
    },
  };
}

/** What a command gets, with the exit code that it set. */
export interface FakeDeps extends Deps, FakeProcess {
  readonly terminal: FakeTerminal;
  readonly prompter: FakePrompter;
  readonly clock: FakeClock;
  readonly exitCode: ExitCode;
}

/** Makes what a command gets. */
export function fakeDeps(
  options: FakeProcessOptions & { readonly flags?: Partial<GlobalFlags> } = {},
): FakeDeps {
  let exitCode: ExitCode = ExitCode.Done;
  const process = fakeProcess(options);
  const flags = { ...NO_FLAGS, ...options.flags };
  return {
    ...makeDeps(process, flags, (code) => exitCode = code),
    ...process,
    get exitCode() {
      return exitCode;
    },
  };
}

const NO_FLAGS: GlobalFlags = {
  reverse: false,
  wide: false,
  quiet: false,
  debug: false,
  debugFull: false,
  debugCurl: false,
  noColor: false,
};
