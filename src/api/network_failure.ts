import { ConnectionError, messageOf } from "../app/errors.ts";

/** Why a request got no answer. */
export interface NetworkFailure {
  /** In words, to follow a colon. */
  readonly reason: string;
  /** Whether the server may have received the request, and acted on it. */
  readonly maybeReceived: boolean;
  /** Whether trying again is of any use. */
  readonly passing: boolean;
  readonly hint?: string;
}

interface Pattern extends Omit<NetworkFailure, "maybeReceived"> {
  readonly pattern: RegExp;
}

const CHECK_NETWORK = "Check the network, and HTTPS_PROXY if there must be a proxy";

/** What Deno 2.9 says of connections that were never made. */
const NOT_SENT: readonly Pattern[] = [
  {
    pattern: /dns error|failed to lookup|no such host/i,
    reason: "its name cannot be resolved",
    passing: true,
    hint: CHECK_NETWORK,
  },
  {
    pattern: /connection refused|os error 111|os error 10061/i,
    reason: "the connection was refused",
    passing: true,
    hint: CHECK_NETWORK,
  },
  {
    pattern: /UnknownIssuer/,
    reason: "its TLS certificate is not trusted (unknown issuer)",
    passing: false,
    hint: "Behind a proxy that inspects TLS, name its authority's certificate with --ca-file or " +
      "set DENO_TLS_CA_STORE=system; limacharlie doctor shows who issued it",
  },
  {
    pattern: /certificate not valid for name|NotValidForName/,
    reason: "its TLS certificate is for another name",
    passing: false,
    hint: "Check that the URL is right and that nothing on the way intercepts it",
  },
  {
    pattern: /certificate (?:expired|not valid yet)|Expired|NotValidYet/,
    reason: "its TLS certificate is not valid at this machine's time",
    passing: false,
    hint: "Check this machine's clock; limacharlie doctor compares it",
  },
  {
    pattern: /certificate/i,
    reason: "its TLS certificate is not trusted",
    passing: false,
    hint: "See who issued it with limacharlie doctor",
  },
  {
    pattern: /corrupt message|tls|handshake|alert/i,
    reason: "TLS was refused",
    passing: false,
    hint: "Check that the URL is right and that nothing on the way intercepts it",
  },
  {
    pattern: /unreachable|no route|timed out|os error 101|os error 110|os error 113/i,
    reason: "the network is unreachable",
    passing: true,
    hint: CHECK_NETWORK,
  },
];

/** Fetch refuses the ports of other protocols (Fetch standard, "port blocking"). */
const BLOCKED_PORT: NetworkFailure = {
  reason: "HTTP must not go to its port",
  passing: false,
  maybeReceived: false,
  hint: "Name another port",
};

/** Describes what fetch, or reading its answer, failed with. */
export function describeFailure(error: unknown): NetworkFailure {
  if (error instanceof ConnectionError) {
    const { reason, passing, hint } = error;
    return { reason, passing, maybeReceived: false, ...(hint === undefined ? {} : { hint }) };
  }
  const said = [error, (error as { cause?: unknown } | null)?.cause].filter(Boolean)
    .map(messageOf).join(": ");
  if (/^Fetch failed: Requests to port \d+ are blocked/.test(said)) return BLOCKED_PORT;
  // What stands before names the URL, in which any word may stand.
  const [, stage, detail = ""] = /client error \((\w+)\)(.*)$/s.exec(said) ?? [];
  if (stage === "Connect") {
    const known = NOT_SENT.find(({ pattern }) => pattern.test(detail));
    return {
      reason: known?.reason ?? "the connection failed",
      passing: known?.passing ?? true,
      maybeReceived: false,
      hint: known?.hint ?? CHECK_NETWORK,
    };
  }
  const reason = stage === undefined && /reading a body/.test(said)
    ? "the answer was cut short"
    : /invalid HTTP|parse/i.test(detail)
    ? "the answer is not HTTP"
    : "the connection was lost";
  return { reason, maybeReceived: true, passing: true };
}
