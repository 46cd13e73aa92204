import type { Clock } from "../app/deps.ts";
import { CliError } from "../app/errors.ts";
import { ExitCode } from "../app/exit_codes.ts";
import { type Key, KeyDecoder } from "./keys.ts";
import type { InputStream } from "./terminal.ts";

/** Who types on has not read the question yet. */
const PAUSE_MILLISECONDS = 300;

/** Why a read was given up, when it was only for the time. */
const TICK = Symbol("tick");

/** What is typed, until a moment. */
export class TypedKeys {
  readonly #stdin: InputStream;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #decoder = new KeyDecoder();

  constructor(stdin: InputStream, clock: Clock, signal: AbortSignal) {
    this.#stdin = stdin;
    this.#clock = clock;
    this.#signal = signal;
  }

  /**
   * Throws away what had been typed before, and what is typed for so many milliseconds and from
   * then on without a pause: it was not meant for this question.
   */
  async discard(milliseconds: number): Promise<void> {
    let end = this.#clock.now() + milliseconds;
    for (let now = this.#clock.now(); now < end; now = this.#clock.now()) {
      const bytes = await this.#readBytes(end - now);
      if (bytes !== undefined) end = Math.max(end, this.#clock.now() + PAUSE_MILLISECONDS);
    }
    this.#decoder = new KeyDecoder();
  }

  /**
   * Reads what is typed; nothing where nothing is, for so many milliseconds.
   *
   * @throws {CliError} at the end of the input
   */
  async read(milliseconds?: number): Promise<Key[]> {
    const bytes = await this.#readBytes(milliseconds);
    return bytes === undefined ? [] : this.#decoder.decode(bytes);
  }

  async #readBytes(milliseconds?: number): Promise<Uint8Array | undefined> {
    const stop = new AbortController();
    const signal = AbortSignal.any([this.#signal, stop.signal]);
    const timer = milliseconds === undefined
      ? undefined
      : this.#clock.sleep(milliseconds, signal).then(() => stop.abort(TICK), () => {});
    try {
      const bytes = await this.#stdin.read(signal);
      if (bytes !== null) return bytes;
      throw endOfInput();
    } catch (error) {
      if (error === TICK) return undefined;
      throw error;
    } finally {
      stop.abort();
      await timer;
    }
  }
}

/** The error of a question that nobody answers any more. */
export function endOfInput(): CliError {
  return new CliError("The input ended before the question was answered", {
    exitCode: ExitCode.NobodyToAsk,
  });
}
