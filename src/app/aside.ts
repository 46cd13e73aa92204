import type { SafeText } from "../render/safe_text.ts";
import type { OutputStream } from "../term/terminal.ts";

/**
 * Where is said what nobody asked for, such as debug lines: on stderr, or where someone draws on the
 * screen, whose drawing it would tear.
 */
export class Aside {
  readonly #stderr: OutputStream;
  #print: ((text: SafeText) => void) | undefined;

  constructor(stderr: OutputStream) {
    this.#stderr = stderr;
  }

  write(text: SafeText): void {
    if (this.#print === undefined) this.#stderr.write(text);
    else this.#print(text);
  }

  /** Has someone else print it, until disposed of. */
  handOver(print: (text: SafeText) => void): Disposable {
    this.#print = print;
    return { [Symbol.dispose]: () => this.#print = undefined };
  }
}
