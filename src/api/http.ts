import type { Clock, Network } from "../app/deps.ts";
import { CliError } from "../app/errors.ts";
import { ExitCode } from "../app/exit_codes.ts";
import { UNSURE } from "./errors.ts";
import { describeFailure, type NetworkFailure } from "./network_failure.ts";
import type { RequestLog } from "./request_log.ts";

/** How long to wait for the beginning of an answer, and then for each next part of it. */
export const TIMEOUT_MILLISECONDS = 60_000;

const ATTEMPTS = 3;

/** A wait that the server asks for is kept up to here; beyond, the caller is told of it. */
const LONGEST_WAIT_MILLISECONDS = 60_000;

/** Larger answers are not read; the longest histories seen are a tenth of it. */
const LARGEST_BODY = 256 * 1024 * 1024;

/** An answer that is known to be no larger is read in one piece, which is faster. */
const SMALL_BODY = 64 * 1024;

/** One request. */
export interface HttpRequest {
  /** What it is for, to follow "Cannot": `list the sessions`. */
  readonly action: string;
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly headers: Headers;
  readonly body?: string;
  /** Whether doing it twice is the same as doing it once. */
  readonly repeatable: boolean;
  /**
   * What to do when it may have been done, but nobody knows: a hint. With it that is said of a
   * repeatable request too.
   */
  readonly whenLost?: string;
  /** Whether the answer holds secrets, and is kept out of the log. */
  readonly secretAnswer?: boolean;
  readonly signal: AbortSignal;
}

/** One answer, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export interface HttpOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly log: RequestLog;
  readonly userAgent: string;
  /** Tells the person of a longer wait. */
  readonly notice: (text: string) => void;
}

/** Sends requests, tries again where that is safe, and says in words why there is no answer. */
export class HttpClient {
  readonly #options: HttpOptions;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  /**
   * Sends a request. A time-out of a gateway and a lost connection are tried three times where
   * that is safe; 429 is tried again when the server says after how long.
   *
   * @throws {CliError} exit 6 without an answer, exit 9 without one in time
   * @throws {unknown} the signal's reason
   */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    const { log } = this.#options;
    let maybeReceived = false;
    for (let attempt = 1;; attempt++) {
      const last = attempt === ATTEMPTS;
      const outcome = await this.#try(request);
      let wait = backoff(attempt);
      if ("failure" in outcome) {
        const { failure } = outcome;
        const safe = request.repeatable || !failure.maybeReceived;
        maybeReceived ||= failure.maybeReceived;
        if (last || !safe || !failure.passing) throw noAnswer(request, outcome, maybeReceived);
        log.note(`${failure.reason}; trying again`);
      } else if (outcome.status === 429) {
        const asked = retryAfter(outcome.headers, this.#options.clock.now());
        if (last || asked === undefined || asked > LONGEST_WAIT_MILLISECONDS) return outcome;
        wait = asked;
        const seconds = Math.ceil(asked / 1000);
        this.#options.notice(`Rate limited: trying again in ${seconds} s`);
      } else if (outcome.status === 504 && request.repeatable && !last) {
        maybeReceived = true;
        log.note("the gateway timed out; trying again");
      } else {
        return outcome;
      }
      await this.#options.clock.sleep(wait, request.signal);
    }
  }

  async #try(request: HttpRequest): Promise<HttpAnswer | Failed> {
    const { clock, log, network, userAgent } = this.#options;
    const { method, url, body, signal } = request;
    const headers = new Headers(request.headers);
    headers.set("user-agent", userAgent);
    headers.set("accept", "application/json");
    log.request(method, url, headers, body);
    signal.throwIfAborted();
    using patience = new Patience(clock, signal);
    const start = clock.now();
    try {
      const response = await network.fetch(url, {
        method,
        headers,
        ...bodyOf(request),
        // A redirect would take credentials to where nobody meant to send them.
        redirect: "manual",
        signal: patience.signal,
      });
      const text = await readBody(response, patience);
      const hidden = request.secretAnswer === true && response.ok;
      log.answer(
        `${response.status} ${response.statusText}`.trim(),
        clock.now() - start,
        response.headers,
        hidden ? undefined : text,
      );
      return { status: response.status, headers: response.headers, body: text };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof CliError) throw error;
      return patience.lost
        ? { failure: TIMED_OUT, timedOut: true, cause: error }
        : { failure: describeFailure(error), timedOut: false, cause: error };
    }
  }
}

interface Failed {
  readonly failure: NetworkFailure;
  readonly timedOut: boolean;
  readonly cause: unknown;
}

const TIMED_OUT: NetworkFailure = {
  reason: `no answer within ${TIMEOUT_MILLISECONDS / 1000} s`,
  maybeReceived: true,
  passing: true,
};

/** Ends a wait, and costs less than the error that would be made in its place. */
const DONE = "done";

/** Aborts a request that nothing was heard of for too long, and with the caller's signal. */
class Patience implements Disposable {
  readonly signal: AbortSignal;
  /** Whether it was this that aborted the request. */
  lost = false;
  readonly #abort = new AbortController();
  readonly #clock: Clock;
  readonly #done = new AbortController();
  #heardAt: number;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#heardAt = clock.now();
    this.signal = AbortSignal.any([signal, this.#abort.signal]);
    void this.#wait();
  }

  /** Starts to wait anew: something was heard. */
  renew(): void {
    this.#heardAt = this.#clock.now();
  }

  [Symbol.dispose](): void {
    this.#done.abort(DONE);
  }

  /** Sleeps on where something was heard meanwhile: a sleep for each part would take long. */
  async #wait(): Promise<void> {
    try {
      let left = TIMEOUT_MILLISECONDS;
      while (left > 0) {
        await this.#clock.sleep(left, this.#done.signal);
        left = this.#heardAt + TIMEOUT_MILLISECONDS - this.#clock.now();
      }
      this.lost = true;
      this.#abort.abort();
    } catch {
      // It was told to stop waiting.
    }
  }
}

/**
 * The body, as a Blob: seen on Deno 2.9.4, fetch by itself sends a request a second time when the
 * connection is lost before the answer, but not one with a body that it reads as a stream.
 */
function bodyOf({ method, body, repeatable }: HttpRequest): { body?: Blob } {
  if (method !== "POST" || (body === undefined && repeatable)) return {};
  return { body: new Blob(body === undefined ? [] : [body]) };
}

async function readBody(response: Response, patience: Patience): Promise<string> {
  const { headers } = response;
  const isPacked = headers.has("content-encoding");
  const known = Number(headers.get("content-length") ?? NaN);
  if (known <= SMALL_BODY && !isPacked) return await response.text();
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let size = 0;
  for await (const bytes of response.body ?? []) {
    patience.renew();
    size += bytes.length;
    if (size > LARGEST_BODY) {
      throw new CliError(`The answer of ${new URL(response.url).host} is too large`, {
        exitCode: ExitCode.Failure,
      });
    }
    parts.push(decoder.decode(bytes, { stream: true }));
  }
  return parts.join("") + decoder.decode();
}

/** @param maybeReceived whether this attempt or one before it may have reached the server */
function noAnswer(
  request: HttpRequest,
  { failure, timedOut, cause }: Failed,
  maybeReceived: boolean,
): CliError {
  const { host } = new URL(request.url);
  const unsure = maybeReceived && (!request.repeatable || request.whenLost !== undefined);
  const message = failure.maybeReceived
    ? `Cannot ${request.action}: ${failure.reason} (${host})`
    : `Cannot ${request.action}: cannot reach ${host}: ${failure.reason}`;
  return new CliError(unsure ? message + UNSURE : message, {
    exitCode: timedOut ? ExitCode.TimedOut : ExitCode.ConnectionLost,
    hint: (unsure ? request.whenLost : undefined) ?? failure.hint,
    cause,
  });
}

/** 1 s, then 2 s, each somewhere within a quarter around it. */
function backoff(attempt: number): number {
  return 1000 * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
}

/** What `Retry-After` asks for, in milliseconds: seconds or a date (RFC 9110, 10.2.3). */
function retryAfter(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
