import type { Secrets } from "./deps.ts";

const MASK = "[masked]";

/** Shorter values are left alone: they would mask half of every sentence. */
const SHORTEST = 4;

/** From this length on a value is recognised inside longer words too. */
const RECOGNISABLE = 8;

/** Any run of so many characters of a long value is masked, whatever stands around it. */
const FRAGMENT = 12;

/** What looks like a token or a key is masked even when nobody has said that it is one. */
const SECRET_SHAPES = [
  /\beyJ[\w-]{10,}\.[\w-]{10,}(?:\.[\w-]*)?/g,
  /\bsk-ant-[\w-]{8,}/g,
];

/** Makes an empty collection of secrets. */
export function createSecrets(): Secrets {
  return new MaskedValues();
}

/**
 * Masks by value: each secret as it is, as JSON, percent-encoded and base64, whole or in
 * fragments. A fragment is enough because texts get cut, and because a JWT's parts are secrets too.
 */
class MaskedValues implements Secrets {
  readonly #known = new Set<string>();
  readonly #fragments = new Set<string>();
  readonly #short = new Set<string>();
  /** Values whose forms were not needed yet: most runs never mask anything. */
  #pending: string[] = [];
  #shortPattern: RegExp | undefined;

  add(value: string | undefined): void {
    const trimmed = value?.trim() ?? "";
    if (Array.from(trimmed).length < SHORTEST || this.#known.has(trimmed)) return;
    this.#known.add(trimmed);
    this.#pending.push(trimmed);
  }

  mask(text: string): string {
    this.#prepare();
    let masked = this.#maskFragments(text);
    if (this.#shortPattern !== undefined) masked = masked.replace(this.#shortPattern, MASK);
    for (const shape of SECRET_SHAPES) masked = masked.replace(shape, MASK);
    return masked;
  }

  #prepare(): void {
    if (this.#pending.length === 0) return;
    for (const form of this.#pending.flatMap(formsOf)) {
      if (form.length < FRAGMENT) this.#short.add(form);
      for (let start = 0; start + FRAGMENT <= form.length; start++) {
        this.#fragments.add(form.slice(start, start + FRAGMENT));
      }
    }
    this.#pending = [];
    // The longest first, so that none hides a longer one that begins like it.
    const short = [...this.#short].sort((one, other) => other.length - one.length);
    if (short.length > 0) this.#shortPattern = new RegExp(short.map(patternOf).join("|"), "gu");
  }

  #maskFragments(text: string): string {
    if (this.#fragments.size === 0) return text;
    const parts: string[] = [];
    let copied = 0;
    for (let start = 0; start + FRAGMENT <= text.length; start++) {
      if (!this.#fragments.has(text.slice(start, start + FRAGMENT))) continue;
      let end = start + FRAGMENT;
      while (end < text.length && this.#fragments.has(text.slice(end + 1 - FRAGMENT, end + 1))) {
        end++;
      }
      parts.push(text.slice(copied, start), MASK);
      copied = end;
      start = end - 1;
    }
    return parts.join("") + text.slice(copied);
  }
}

function formsOf(secret: string): string[] {
  const value = secret.toWellFormed();
  const percent = encodeURIComponent(value);
  return [
    ...new Set([
      value,
      JSON.stringify(value).slice(1, -1),
      percent,
      percent.replaceAll(/%../g, (code) => code.toLowerCase()),
      new URLSearchParams({ "": value }).toString().slice(1),
      ...base64Forms(value),
    ]),
  ].filter((form) => form.length >= SHORTEST);
}

/** The base64 of a value that stands anywhere in a longer text, at each of the three alignments. */
function base64Forms(value: string): string[] {
  const bytes = new TextEncoder().encode(value);
  return [0, 1, 2].flatMap((before) => {
    const padded = new Uint8Array(before + bytes.length);
    padded.set(bytes, before);
    const base64 = padded.toBase64({ omitPadding: true });
    // Characters at either end also hold bits of what stands beside the value.
    const own = base64.slice(
      before === 0 ? 0 : before + 1,
      padded.length % 3 === 0 ? undefined : -1,
    );
    return [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  }).filter((form) => form.length >= RECOGNISABLE);
}

function patternOf(form: string): string {
  const literal = form.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return form.length < RECOGNISABLE ? `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])` : literal;
}
