import { HttpClient } from "../../src/api/http.ts";
import { RequestLog } from "../../src/api/request_log.ts";
import type { GlobalFlags, Network } from "../../src/app/deps.ts";
import { createSecrets } from "../../src/app/secrets.ts";
import { FakeClock, fakeDeps } from "./fakes.ts";

/** Time that passes at once for pauses, while whoever waits for an answer waits. */
export class PatientClock extends FakeClock {
  /** The pauses that were made, in milliseconds. */
  readonly pauses: number[] = [];

  override async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (milliseconds >= 60_000) return await super.sleep(milliseconds, signal);
    this.pauses.push(milliseconds);
  }
}

export interface Client {
  readonly http: HttpClient;
  readonly clock: PatientClock;
  readonly secrets: ReturnType<typeof createSecrets>;
  /** Debug lines. */
  readonly log: string[];
  readonly notices: string[];
}

/** A client for requests to servers of the test. */
export function makeClient(
  options: { readonly flags?: Partial<GlobalFlags>; readonly network?: Network } = {},
): Client {
  const clock = new PatientClock();
  const secrets = createSecrets();
  const log: string[] = [];
  const notices: string[] = [];
  const { flags } = fakeDeps({ flags: options.flags ?? {} });
  const http = new HttpClient({
    network: options.network ?? { fetch, WebSocket },
    clock,
    log: new RequestLog(flags, secrets, (text) => log.push(text)),
    userAgent: "test/1",
    notice: (text) => notices.push(text),
  });
  return { http, clock, secrets, log, notices };
}

/** A signal that nothing aborts. */
export const NEVER: AbortSignal = new AbortController().signal;

/** A JWT with this payload, signed by nobody. */
export function jwt(payload: unknown): string {
  const encode = (value: unknown) =>
    new TextEncoder().encode(JSON.stringify(value))
      .toBase64({ alphabet: "base64url", omitPadding: true });
  return `${encode({ alg: "HS256", typ: "JWT" })}.${encode(payload)}.c2lnbmF0dXJl`;
}
