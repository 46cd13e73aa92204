import { sanitizeDrawn } from "../render/safe_text.ts";
import type { Key } from "./keys.ts";
import type { OutputStream } from "./terminal.ts";
import { endOfInput, type TypedKeys } from "./typed_keys.ts";

/** What Cliffy reads from and writes to. */
export interface CliffyStreams {
  readonly reader: {
    read(buffer: Uint8Array): Promise<number | null>;
    setRaw(): void;
    isTerminal(): boolean;
  };
  readonly writer: { writeSync(bytes: Uint8Array): number };
}

/** How Cliffy is given its keys. */
export interface Pace {
  readonly settle: number | undefined;
  /** Milliseconds after which Cliffy is made to paint again, without a key. */
  readonly tick: number | undefined;
  /** Whether Ctrl-D is Cliffy's to deal with; else it ends the input. */
  readonly takesEndKey: boolean;
}

/** Gives Cliffy what is typed, up to one Enter at a time. */
export function cliffyReader(
  typed: TypedKeys,
  { settle, tick, takesEndKey }: Pace,
): CliffyStreams["reader"] {
  const encoder = new TextEncoder();
  /** Each key as Cliffy reads it. */
  const left: string[] = [];
  let settled = settle === undefined;
  return {
    // Cliffy would switch the mode around every key; it stays on for the whole prompt.
    setRaw() {},
    isTerminal: () => true,
    async read(buffer) {
      if (!settled) {
        settled = true;
        await typed.discard(settle ?? 0);
      }
      if (left.length === 0) left.push(...(await typed.read(tick)).flatMap(forCliffy));
      let length = 0;
      for (let key = left[0]; key !== undefined; key = left[0]) {
        const bytes = encoder.encode(key);
        if (length + bytes.length > buffer.length) break;
        if (key === END_OF_INPUT && !takesEndKey) throw endOfInput();
        buffer.set(bytes, length);
        length += bytes.length;
        left.shift();
        // What follows, Cliffy would hand to no one.
        if (key === ENTER) break;
      }
      return length;
    },
  };
}

const ENTER = "\r";
const END_OF_INPUT = "\x04";

/** Keys that Cliffy takes, in the one notation that it can be trusted with. */
const CLIFFY_KEYS: { readonly [name in Key["name"]]?: string } = {
  "enter": ENTER,
  "newline": ENTER,
  "backspace": "\x7f",
  "delete": "\x1b[3~",
  "left": "\x1b[D",
  "right": "\x1b[C",
  "up": "\x1b[A",
  "down": "\x1b[B",
  "page-up": "\x1b[5~",
  "page-down": "\x1b[6~",
  "home": "\x01",
  "end": "\x05",
  "end-of-input": END_OF_INPUT,
  "kill-to-start": "\x15",
  "kill-to-end": "\x0b",
  "kill-word-left": "\x17",
};

/** A key in words for Cliffy, which breaks on sequences that it does not know. A paste never submits. */
function forCliffy(key: Key): string[] {
  if (key.name === "text") return Array.from(key.text);
  if (key.name === "paste") return Array.from(key.text.replaceAll(/\p{Cc}+/gu, " "));
  const sequence = CLIFFY_KEYS[key.name];
  return sequence === undefined ? [] : [sequence];
}

/** Lets Cliffy draw, and do nothing else to the terminal. */
export function cliffyWriter(output: OutputStream): CliffyStreams["writer"] {
  const decoder = new TextDecoder();
  return {
    writeSync(bytes) {
      // Made by Cliffy from our own sanitised words and what the person types.
      output.write(sanitizeDrawn(decoder.decode(bytes, { stream: true })));
      return bytes.length;
    },
  };
}
