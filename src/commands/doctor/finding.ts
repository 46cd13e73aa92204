import { CliError, messageOf } from "../../app/errors.ts";

/** `ok` works; a `warning` works, but not as well as it could; a `skipped` one was not tried. */
export type Status = "ok" | "warning" | "failure" | "skipped";

/** What one check found. */
export interface Finding {
  /** What was checked, such as `token` or `proxy to api.limacharlie.io`. */
  readonly check: string;
  readonly status: Status;
  readonly detail: string;
  /** What to do about a warning or a failure. */
  readonly remedy?: string;
}

export function ok(check: string, detail: string): Finding {
  return { check, status: "ok", detail };
}

export function warning(check: string, detail: string, remedy: string): Finding {
  return { check, status: "warning", detail, remedy };
}

export function failure(check: string, detail: string, remedy: string): Finding {
  return { check, status: "failure", detail, remedy };
}

/** @param why such as `it needs a token` */
export function skipped(check: string, why: string): Finding {
  return { check, status: "skipped", detail: why };
}

/**
 * The finding for something that was thrown, with its own hint for a remedy.
 *
 * @param otherwise the remedy where there is no hint
 */
export function thrown(check: string, error: unknown, otherwise: string): Finding {
  const hint = error instanceof CliError ? error.hint : undefined;
  return failure(check, messageOf(error), hint ?? otherwise);
}
