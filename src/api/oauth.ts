import type { Clock, Secrets } from "../app/deps.ts";
import { CliError } from "../app/errors.ts";
import { ExitCode } from "../app/exit_codes.ts";
import type { OAuthTokens } from "../config/section.ts";
import { readAnswer, textField } from "./answer.ts";
import { hasStatus } from "./errors.ts";
import type { HttpClient } from "./http.ts";

/**
 * Google's token service, with the public key by which the vendor's clients name their Firebase
 * project. It is no secret: it stands in the public Python CLI.
 */
const REFRESH_URL =
  "https://securetoken.googleapis.com/v1/token?key=AIzaSyB5VyO6qS-XlnVD3zOIuEVNBD5JFn22_1w";

/** A token that expires so soon is refreshed first. */
const REFRESH_SECONDS_BEFORE = 300;

const ACTION = "refresh the browser sign-in";

export interface OAuthOptions {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly secrets: Secrets;
  /** Keeps refreshed tokens. It must not fail. */
  readonly save: (tokens: OAuthTokens) => Promise<void>;
}

/**
 * Makes sure that a browser sign-in is good for at least five more minutes.
 *
 * @returns the same tokens, or refreshed ones, which were saved
 * @throws {CliError} exit 2 when it has ended for good, exit 6 or 9 when the service is out of reach
 */
export async function freshOAuth(
  tokens: OAuthTokens,
  { http, clock, secrets, save }: OAuthOptions,
  signal: AbortSignal,
): Promise<OAuthTokens> {
  const now = clock.now() / 1000;
  if (tokens.idToken !== "" && now < tokens.expiresAt - REFRESH_SECONDS_BEFORE) return tokens;
  if (tokens.refreshToken === "") throw signedOut("it has no refresh token");
  const answer = await http.send({
    action: ACTION,
    method: "POST",
    url: REFRESH_URL,
    headers: new Headers({ "content-type": "application/x-www-form-urlencoded" }),
    body: new URLSearchParams({
      grant_type: "refresh_token",
      refresh_token: tokens.refreshToken,
    }).toString(),
    repeatable: true,
    secretAnswer: true,
    signal,
  });
  const host = new URL(REFRESH_URL).host;
  try {
    const body = readAnswer(answer, ACTION, host);
    const refreshed = {
      idToken: textField(body, "id_token", ACTION),
      refreshToken: typeof body["refresh_token"] === "string"
        ? body["refresh_token"]
        : tokens.refreshToken,
      expiresAt: Math.floor(clock.now() / 1000) + (Number(body["expires_in"]) || 3600),
    };
    secrets.add(refreshed.idToken);
    secrets.add(refreshed.refreshToken);
    await save(refreshed);
    return refreshed;
  } catch (error) {
    if (hasStatus(error, 400, 401, 403)) throw signedOut(error.message);
    throw error;
  }
}

function signedOut(why: string): CliError {
  return new CliError(`The browser sign-in has ended: ${why}`, {
    exitCode: ExitCode.Auth,
    hint: "Sign in again with the Python CLI's auth login --oauth, or use an API key",
  });
}
