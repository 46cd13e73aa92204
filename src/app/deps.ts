import type { ExitCode } from "./exit_codes.ts";
import type { Credentials } from "../config/credentials.ts";
import type { Output } from "./output.ts";
import type { Account, Service } from "./service.ts";
import type { Prompter } from "../term/prompter.ts";
import type { Terminal } from "../term/terminal.ts";

export type { Account, Service };

/** The environment variables. */
export interface Environment {
  get(name: string): string | undefined;
}

/** The time, and waiting for it. Tests and the embedded server bring their own. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /**
   * Waits that many milliseconds.
   *
   * @throws {unknown} the signal's reason, as soon as it is aborted
   */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/**
 * The secrets that the process knows. Whoever reads one (from a file, the environment, a prompt,
 * the service) adds it; whatever is printed on stderr passes {@linkcode mask}.
 */
export interface Secrets {
  /** Has a value masked from now on. Undefined, empty and very short values are left alone. */
  add(value: string | undefined): void;
  /** The text without secrets: neither as they are, nor encoded, nor in parts. */
  mask(text: string): string;
}

/** How the process reaches the network. */
export interface Network {
  readonly fetch: typeof fetch;
  readonly WebSocket: typeof WebSocket;
}

export const OUTPUT_FORMATS = ["json", "yaml", "toon", "csv", "table", "jsonl"] as const;
export type OutputFormat = typeof OUTPUT_FORMATS[number];

/** The flags that every command has, wherever they stood on the line. */
export interface GlobalFlags {
  readonly oid?: string;
  readonly env?: string;
  readonly output?: OutputFormat;
  readonly filter?: string;
  readonly fields?: string;
  readonly sortBy?: string;
  readonly reverse: boolean;
  readonly wide: boolean;
  readonly quiet: boolean;
  readonly debug: boolean;
  readonly debugFull: boolean;
  readonly debugCurl: boolean;
  readonly noColor: boolean;
  /** File with certificate authorities to trust. */
  readonly caFile?: string;
}

/** What the process gives to the program: all of it is real in main.ts, and none of it need be in a test. */
export interface Process {
  readonly version: string;
  readonly env: Environment;
  readonly terminal: Terminal;
  readonly prompter: Prompter;
  readonly clock: Clock;
  readonly secrets: Secrets;
  /** How the process reaches the network. Nothing is read or checked before it is used. */
  openNetwork(flags: Pick<GlobalFlags, "caFile">): Network;
  /**
   * Aborted by SIGTERM, SIGHUP, SIGQUIT and, unless {@linkcode onInterrupt} is in use, Ctrl-C; also
   * when the program breaks down by a mistake of its own.
   */
  readonly signal: AbortSignal;
  /** Has Ctrl-C call the listener, until disposed of, instead of ending the program. */
  onInterrupt(listener: () => void): Disposable;
}

/** What a command gets. */
export interface Deps extends Process {
  readonly flags: GlobalFlags;
  readonly network: Network;
  /** Says how the process exits when the command returns; 0 unless it was said. */
  setExitCode(code: ExitCode): void;
  /** Signs the caller in and finds the AI sessions; see `connect` in service.ts. */
  connect(): Promise<Service>;
  /** The caller's account, or one with the given credentials; see `openAccount` in service.ts. */
  openAccount(given?: Credentials): Promise<Account>;
  /** Where results are printed; see `createOutput` in output.ts. */
  output(): Promise<Output>;
}
