import type { Deps } from "../app/deps.ts";
import { duration } from "../render/human.ts";
import { type SafeText, safeText, sanitize } from "../render/safe_text.ts";
import { isPlain } from "../term/is_plain.ts";

/** Where lines are appended, one says after so long that it goes on. */
const REPEAT_MILLISECONDS = 10_000;

/**
 * Says on stderr that something takes its time, and how long it has: on one line that is redrawn,
 * and that is gone at the end of the scope; where no line can be redrawn, by a line now and then.
 */
export class ProgressLine implements Disposable {
  readonly #what: SafeText;
  readonly #deps: Deps;
  readonly #redraws: boolean;
  readonly #start: number;
  #lastLine: number | undefined;

  /** @param what it waits for, such as `Waiting for the URL` */
  constructor(what: SafeText, deps: Deps) {
    const { terminal, env, clock } = deps;
    this.#what = what;
    this.#deps = deps;
    this.#start = clock.now();
    this.#redraws = terminal.stderr.isTerminal && !isPlain(env);
  }

  /** Shows how long it has taken. */
  update(): void {
    const { flags, terminal, clock } = this.#deps;
    if (flags.quiet) return;
    const now = clock.now();
    const line = safeText`${this.#what}... ${sanitize(duration(now - this.#start))}`;
    if (this.#redraws) {
      terminal.stderr.write(safeText`\r\x1b[K${line}`);
    } else if (this.#lastLine === undefined || now - this.#lastLine >= REPEAT_MILLISECONDS) {
      this.#lastLine = now;
      terminal.stderr.write(safeText`${line}\n`);
    }
  }

  [Symbol.dispose](): void {
    const { flags, terminal } = this.#deps;
    if (this.#redraws && !flags.quiet) terminal.stderr.write(safeText`\r\x1b[K`);
  }
}
