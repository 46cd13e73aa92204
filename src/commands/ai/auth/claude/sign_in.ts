import type { ClaudeAuth, ClaudeLogin } from "../../../../api/claude_auth.ts";
import { hasStatus } from "../../../../api/errors.ts";
import type { Deps } from "../../../../app/deps.ts";
import { CliError } from "../../../../app/errors.ts";
import { ExitCode } from "../../../../app/exit_codes.ts";
import { readLines } from "../../../../chat/line_reader.ts";
import type { JsonObject } from "../../../../protocol/frames.ts";
import { duration } from "../../../../render/human.ts";
import { safeText, sanitize, spellOut } from "../../../../render/safe_text.ts";
import { ProgressLine } from "../../../progress_line.ts";

/** Pause between two looks for the URL. */
const POLL_MILLISECONDS = 2_000;
/** How long a sign-in may take where the service doesn't say (PROTOCOL section 3). */
const USUAL_SECONDS = 300;
/** No sign-in is waited for longer, whatever the service says. */
const MOST_SECONDS = 3_600;

const START_AGAIN = "Start again with limacharlie ai auth claude login";

/** One sign-in with Claude: within the time that the service gives, and until it is cancelled. */
export class SignIn implements Disposable {
  readonly #claudeAuth: ClaudeAuth;
  readonly #deps: Deps;
  readonly #done = new AbortController();
  readonly #expiry = new AbortController();
  readonly #signal: AbortSignal;
  #isSubmitted = false;

  constructor(claudeAuth: ClaudeAuth, deps: Deps) {
    this.#claudeAuth = claudeAuth;
    this.#deps = deps;
    this.#signal = AbortSignal.any([deps.signal, this.#expiry.signal]);
  }

  /**
   * Signs in.
   *
   * @returns the service's answer to the code
   * @throws {CliError} that says whether it failed, expired, was rejected or cancelled
   */
  async run(): Promise<JsonObject> {
    try {
      const login = await this.#claudeAuth.start();
      const { clock } = this.#deps;
      const expiresAt = clock.now() + lifeOf(login);
      void this.#expireAt(expiresAt);
      const url = await this.#waitForUrl(login.oauth_session_id);
      this.#showUrl(url, expiresAt - clock.now());
      return await this.#submit(login.oauth_session_id, await this.#askForCode());
    } catch (error) {
      throw this.#explain(error);
    }
  }

  [Symbol.dispose](): void {
    this.#done.abort();
  }

  async #expireAt(time: number): Promise<void> {
    const { clock, signal } = this.#deps;
    try {
      await clock.sleep(time - clock.now(), AbortSignal.any([signal, this.#done.signal]));
      this.#expiry.abort();
    } catch {
      // It is over before that.
    }
  }

  async #waitForUrl(id: string): Promise<string> {
    using progress = new ProgressLine(safeText`Waiting for the URL`, this.#deps);
    while (true) {
      const answer = await this.#claudeAuth.url(id, this.#signal);
      if (answer.state === "ready") return requireWebUrl(answer.url);
      if (answer.state === "failed") {
        throw new CliError(`Signing in with Claude failed: ${answer.reason}`, {
          exitCode: ExitCode.Failure,
          hint: START_AGAIN,
        });
      }
      progress.update();
      await this.#deps.clock.sleep(POLL_MILLISECONDS, this.#signal);
    }
  }

  /** Printed as text only, and in spite of --quiet: without it there is no way on. */
  #showUrl(url: string, milliseconds: number): void {
    const time = sanitize(duration(milliseconds));
    this.#deps.terminal.stderr.write(
      safeText`Open this URL in a browser and approve within ${time}; a code is then shown.\n\n${
        sanitize(url)
      }\n\n`,
    );
  }

  async #askForCode(): Promise<string> {
    const { prompter, secrets } = this.#deps;
    let code = "";
    while (code === "") {
      const text = prompter.available
        ? await prompter.secret(safeText`Code:`, { signal: this.#signal })
        : await this.#readLine();
      code = text.trim();
    }
    secrets.add(code);
    return code;
  }

  async #readLine(): Promise<string> {
    const { stdin } = this.#deps.terminal;
    // What is typed on a terminal would be seen.
    const lines = stdin.isTerminal ? [] : readLines(stdin, this.#signal);
    for await (const line of lines) {
      if (line.trim() !== "") return line;
    }
    throw new CliError("There is no code: the input ended, or nobody can be asked", {
      exitCode: ExitCode.NobodyToAsk,
      hint: "Run it on a terminal, or write the code to its standard input",
    });
  }

  async #submit(id: string, code: string): Promise<JsonObject> {
    this.#isSubmitted = true;
    let answer: JsonObject;
    try {
      answer = await this.#claudeAuth.submitCode(id, code);
    } catch (error) {
      // The service says what is wrong with it: a wrong code, or a sign-in that has expired.
      if (!hasStatus(error, 400, 403, 404, 410, 422)) throw error;
      throw rejected(error.message, error);
    }
    if (answer["success"] === true) return answer;
    const reason = answer["error"] || answer["message"];
    throw rejected(
      `The code was rejected: ${typeof reason === "string" ? reason : "no reason given"}`,
    );
  }

  #explain(error: unknown): unknown {
    if (this.#deps.signal.aborted) {
      return this.#isSubmitted
        ? new CliError("Cancelled, but the code was on its way", {
          exitCode: ExitCode.Interrupted,
          hint: "See limacharlie ai auth claude status",
        })
        : new CliError("Cancelled: nothing was stored", { exitCode: ExitCode.Interrupted });
    }
    if (!this.#expiry.signal.aborted || this.#isSubmitted) return error;
    return new CliError("The sign-in has expired: it was not finished in time", {
      exitCode: ExitCode.TimedOut,
      hint: START_AGAIN,
    });
  }
}

function rejected(message: string, cause?: unknown): CliError {
  return new CliError(message, { exitCode: ExitCode.Auth, hint: START_AGAIN, cause });
}

/** Milliseconds for which a sign-in that has begun is good. */
function lifeOf(login: ClaudeLogin): number {
  const seconds = Number(login["expires_in"]);
  return 1000 * Math.min(seconds > 0 ? seconds : USUAL_SECONDS, MOST_SECONDS);
}

/**
 * Checks what is about to be opened in somebody's browser.
 *
 * @throws {CliError} (exit 1) that spells it out, unless it is http or https in printable ASCII
 */
function requireWebUrl(url: string): string {
  const isPrintable = /^[\x21-\x7e]+$/.test(url);
  if (isPrintable && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  throw new CliError(
    `The service gave no web address to sign in at: ${spellOut(JSON.stringify(url))}`,
    { exitCode: ExitCode.Failure, hint: "Do not open it; tell LimaCharlie's support" },
  );
}
