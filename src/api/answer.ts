import { CliError } from "../app/errors.ts";
import { ExitCode } from "../app/exit_codes.ts";
import { parseExactJson } from "../protocol/exact_json.ts";
import { isObject, type JsonObject } from "../protocol/frames.ts";
import { ApiError, UNSURE } from "./errors.ts";
import type { HttpAnswer } from "./http.ts";

/** A server's words are repeated in errors up to here. */
const LONGEST_WORDS = 300;

/** Permissions of the platform look like `ai_agent.get` or `secret.get.mtd`. */
const PERMISSION =
  /\b[a-z][a-z\d_]*\.(?:[a-z\d_]+\.)*(?:get|set|del|list|ctrl|task|tag|mtd|req|operate)\b/;

/**
 * Reads the JSON object of a successful answer; an empty body is an empty object.
 *
 * @param action what was asked for, to follow "Cannot"
 * @param whenLost a hint for the case that it may have been done, but the answer doesn't say so
 * @throws {ApiError} on any other status, with its exit code
 * @throws {CliError} (exit 1) on a body that is no JSON object
 */
export function readAnswer(
  answer: HttpAnswer,
  action: string,
  host: string,
  whenLost?: string,
): JsonObject {
  if (answer.status < 200 || answer.status > 299) {
    const error = statusError(answer, action, host);
    if (whenLost === undefined || !isGateway(answer)) throw error;
    const { message, status, exitCode } = error;
    throw new ApiError(message + UNSURE, { status, exitCode, hint: whenLost });
  }
  if (answer.body.trim() === "") return {};
  let value: unknown;
  try {
    value = parseExactJson(answer.body);
  } catch {
    const what = isHtml(answer) ? htmlWords(answer, host) : `${host} answered no JSON`;
    if (whenLost === undefined) throw unexpected(action, what);
    const { message, exitCode } = unexpected(action, what);
    throw new CliError(message + UNSURE, { exitCode, hint: whenLost });
  }
  if (!isObject(value)) throw unexpected(action, `${host} answered no JSON object`);
  return value;
}

/** Whether it was a gateway that answered, which doesn't know what the service has done. */
function isGateway({ status }: HttpAnswer): boolean {
  return status === 502 || status === 504;
}

/** The error for an answer that is not what the protocol says. */
export function unexpected(action: string, what: string): CliError {
  return new CliError(`Cannot ${action}: ${what}`, {
    exitCode: ExitCode.Failure,
    hint: "See the whole answer with --debug",
  });
}

/** The error for an answer that is no success. The codes 2–5 are those of the Python CLI. */
export function statusError(answer: HttpAnswer, action: string, host: string): ApiError {
  const { status } = answer;
  const words = wordsOf(answer, host);
  const message = `Cannot ${action}: ${titleOf(status)} (${status})${words && `: ${words}`}`;
  const { exitCode, hint } = consequences(answer);
  return new ApiError(message, { status, exitCode, hint });
}

function titleOf(status: number): string {
  switch (status) {
    case 400:
      return "the request was refused";
    case 401:
      return "not authenticated";
    case 403:
      return "permission denied";
    case 404:
      return "not found";
    case 409:
      return "conflict";
    case 422:
      return "the input was refused";
    case 429:
      return "rate limited";
    case 504:
      return "the gateway timed out";
  }
  if (status >= 300 && status < 400) return "redirected";
  return status >= 500 ? "the service failed" : "the request failed";
}

function consequences(answer: HttpAnswer): { exitCode: ExitCode; hint?: string } {
  const { status } = answer;
  switch (status) {
    case 401:
      return {
        exitCode: ExitCode.Auth,
        hint: "Sign in with limacharlie auth login, or check LC_API_KEY and LC_OID",
      };
    case 403: {
      const permission = missingPermission(answer);
      return {
        exitCode: ExitCode.Auth,
        hint: permission === undefined
          ? "See what the credentials may do with limacharlie auth whoami --show-perms"
          : `Have an administrator of the organization grant ${permission}`,
      };
    }
    case 404:
      return { exitCode: ExitCode.NotFound };
    case 422:
      return { exitCode: ExitCode.Usage };
    case 429: {
      const after = answer.headers.get("retry-after");
      return {
        exitCode: ExitCode.RateLimited,
        hint: after
          ? `Try again after ${after}${/^\d+$/.test(after) ? " s" : ""}`
          : "Try again later",
      };
    }
  }
  if (status >= 300 && status < 400) {
    const location = answer.headers.get("location") ?? "";
    const to = URL.canParse(location) ? ` to ${new URL(location).host}` : "";
    return {
      exitCode: ExitCode.Failure,
      hint: `A proxy or a wrong URL redirected the request${to}; redirects are not followed`,
    };
  }
  return {
    exitCode: ExitCode.Failure,
    ...(status >= 500 ? { hint: "Try again later; see https://status.limacharlie.io" } : {}),
  };
}

/** What the server said, on one line. */
function wordsOf(answer: HttpAnswer, host: string): string {
  if (isHtml(answer)) return htmlWords(answer, host);
  const permission = answer.status === 403 ? missingPermission(answer) : undefined;
  const said = messageIn(parse(answer.body)) ?? answer.body;
  const line = Array.from(said.trim().replaceAll(/\s+/g, " "));
  const words = line.length > LONGEST_WORDS
    ? `${line.slice(0, LONGEST_WORDS).join("")}...`
    : line.join("");
  if (permission === undefined || words.includes(permission)) return words;
  return `${words && `${words}; `}missing permission ${permission}`;
}

function messageIn(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!isObject(value)) return undefined;
  for (const key of ["error", "message", "detail", "details", "error_description"]) {
    const found = messageIn(value[key]);
    if (found) return found;
  }
  return undefined;
}

/** The permission that an answer says is missing. */
function missingPermission(answer: HttpAnswer): string | undefined {
  if (isHtml(answer)) return undefined;
  const value = parse(answer.body);
  if (isObject(value)) {
    for (const [key, names] of Object.entries(value)) {
      if (!/perm/.test(key)) continue;
      const listed = [names].flat().filter((name) => typeof name === "string" && name !== "");
      if (listed.length > 0) return listed.join(", ");
    }
  }
  return PERMISSION.exec(messageIn(value) ?? answer.body)?.[0];
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function isHtml({ headers, body }: HttpAnswer): boolean {
  return /^text\/html\b/i.test(headers.get("content-type") ?? "") ||
    /^\s*<(?:!doctype\s+html|html|head|body)\b/i.test(body);
}

function htmlWords({ body }: HttpAnswer, host: string): string {
  const title = /<title[^>]*>([^<]{1,200})/i.exec(body)?.[1]?.trim().replaceAll(/\s+/g, " ");
  return `${host} answered with an HTML page${title ? ` ("${title}")` : ""}, ` +
    "as a proxy or a sign-in page does";
}

/**
 * A field of an answer that must be text.
 *
 * @throws {CliError} (exit 1) where it is not
 */
export function textField(answer: JsonObject, field: string, action: string): string {
  const value = answer[field];
  if (typeof value === "string" && value !== "") return value;
  throw unexpected(action, `the answer has no "${field}"`);
}
