import type { GlobalFlags, Secrets } from "../app/deps.ts";

/** Bodies are cut here unless everything is wanted. */
const LONGEST_BODY = 2048;

/** Where debug lines go; they are masked already. */
export type DebugSink = (text: string) => void;

/**
 * Prints requests and answers for `--debug`, `--debug-full` and `--debug-curl`. All of it is fit
 * to be pasted into a ticket: what is cut is masked before, so that no half of a secret stays.
 */
export class RequestLog {
  readonly #verbose: boolean;
  readonly #full: boolean;
  readonly #curl: boolean;
  readonly #secrets: Secrets;
  readonly #sink: DebugSink;

  constructor(flags: GlobalFlags, secrets: Secrets, sink: DebugSink) {
    this.#verbose = flags.debug || flags.debugFull;
    this.#full = flags.debugFull;
    this.#curl = flags.debugCurl;
    this.#secrets = secrets;
    this.#sink = sink;
  }

  /** Prints a remark on what the program does by itself. */
  note(text: string): void {
    if (this.#verbose) this.#sink(`* ${this.#secrets.mask(text)}`);
  }

  request(method: string, url: string, headers: Headers, body: string | undefined): void {
    if (this.#verbose) {
      this.#print(">", `${method} ${this.#secrets.mask(url)}`, headers, body);
    }
    if (this.#curl) this.#sink(this.#curlCommand(method, url, headers, body));
  }

  /** @param body undefined where it must not be shown */
  answer(status: string, milliseconds: number, headers: Headers, body: string | undefined): void {
    if (!this.#verbose) return;
    const shown = body ?? "(not shown: it holds secrets)";
    this.#print("<", `${status} in ${milliseconds} ms`, headers, shown);
  }

  #print(mark: string, first: string, headers: Headers, body: string | undefined): void {
    const lines = [first, ...this.#headerLines(headers)];
    if (body) lines.push("", ...this.#cut(this.#secrets.mask(body)).split("\n"));
    this.#sink(lines.map((line) => `${mark} ${line}`.trimEnd()).join("\n"));
  }

  #headerLines(headers: Headers): string[] {
    return [...headers].map(([name, value]) => {
      const shown = /^(?:authorization|cookie|set-cookie|proxy-authorization)$/.test(name)
        ? value.replace(/^(Bearer )?.*$/s, "$1[masked]")
        : this.#secrets.mask(value);
      return `${name}: ${shown}`;
    });
  }

  #cut(body: string): string {
    if (this.#full || body.length <= LONGEST_BODY) return body;
    return `${body.slice(0, LONGEST_BODY).toWellFormed()}… (${body.length} characters; ` +
      `--debug-full shows all)`;
  }

  /** A command to run in a shell that has the token in LC_TOKEN. */
  #curlCommand(method: string, url: string, headers: Headers, body: string | undefined): string {
    const parts = ["curl -i --compressed", `-X ${method}`];
    for (const [name, value] of headers) {
      parts.push(
        name === "authorization"
          ? `-H "Authorization: Bearer $LC_TOKEN"`
          : `-H ${quote(`${name}: ${this.#secrets.mask(value)}`)}`,
      );
    }
    if (body) parts.push(`--data-binary ${quote(this.#secrets.mask(body))}`);
    parts.push(quote(this.#secrets.mask(url)));
    return parts.join(" \\\n  ");
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
