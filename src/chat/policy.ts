import { usageError } from "../app/errors.ts";
import { questionsOf, stringOr } from "../protocol/content.ts";
import type { AskUserQuestionResponse, Frame, ToolApprovalResponse } from "../protocol/frames.ts";
import { safeText, sanitize } from "../render/safe_text.ts";
import { approval, denial } from "./approval.ts";
import type { AskContext, Asker } from "./asker.ts";
import { chosenAnswer } from "./questions.ts";
import { readToolPatterns, type ToolPattern } from "./tool_pattern.ts";
import type { Transcript } from "./transcript.ts";

/** What is decided without asking anybody. */
export interface Policy {
  /** Undefined leaves approvals to whoever can be asked. */
  readonly onApproval?: "deny" | "fail" | readonly ToolPattern[];
  /** Answers by the header of their question. */
  readonly answers: ReadonlyMap<string, string>;
}

/**
 * Reads the values of --on-approval and --answer.
 *
 * @throws {CliError} (exit 4) on a value that is none
 */
export function readPolicy(onApproval?: string, answers: readonly string[] = []): Policy {
  return {
    ...(onApproval === undefined ? {} : { onApproval: readOnApproval(onApproval) }),
    answers: readAnswers(answers),
  };
}

function readOnApproval(text: string): "deny" | "fail" | readonly ToolPattern[] {
  if (text === "deny" || text === "fail") return text;
  const patterns = /^allow:(.*)$/s.exec(text)?.[1];
  const read = patterns === undefined ? undefined : readToolPatterns(patterns);
  if (read !== undefined) return read;
  throw usageError(
    `Invalid value "${text}" of --on-approval`,
    "Use deny, fail, or allow:PATTERNS such as allow:Read,Bash(git log *)",
  );
}

function readAnswers(values: readonly string[]): Map<string, string> {
  const answers = new Map<string, string>();
  for (const value of values) {
    const equals = value.indexOf("=");
    const header = value.slice(0, Math.max(equals, 0));
    if (header === "") {
      throw usageError(`Invalid value "${value}" of --answer`, "Use --answer HEADER=VALUE");
    }
    if (answers.has(header)) {
      throw usageError(
        `--answer gives "${header}" two answers`,
        "Where several options may be chosen, separate them by commas",
      );
    }
    answers.set(header, value.slice(equals + 1));
  }
  return answers;
}

const NOBODY = "Nobody is there to approve it";

/** Decides by a policy; what it leaves open is asked of someone, if there is anyone. */
export class PolicyAsker implements Asker {
  readonly #policy: Policy;
  readonly #transcript: Pick<Transcript, "notice">;
  readonly #person: Asker | undefined;
  readonly #unused: Set<string>;

  constructor(policy: Policy, transcript: Pick<Transcript, "notice">, person?: Asker) {
    this.#policy = policy;
    this.#transcript = transcript;
    this.#person = person;
    this.#unused = new Set(policy.answers.keys());
  }

  shows(request: Frame): boolean {
    const { onApproval, answers } = this.#policy;
    const isDecided = request.type === "tool_approval_request"
      ? onApproval !== undefined
      : questionsOf(request.payload).every(({ key }) => answers.has(key));
    return !isDecided && this.#person?.shows(request) === true;
  }

  async approval(
    request: Frame,
    context: AskContext,
  ): Promise<ToolApprovalResponse | "later" | undefined> {
    const { onApproval } = this.#policy;
    if (onApproval === undefined || context.isAgain) {
      return await this.#person?.approval(request, context);
    }
    if (onApproval === "fail") return undefined;
    if (onApproval === "deny") return denial(request, NOBODY);
    const { tool_name: name, tool_input: input } = request.payload;
    return onApproval.some((pattern) => pattern.matches(stringOr(name, ""), input))
      ? approval(request)
      : denial(request, `${NOBODY}, and it is none of the calls that are allowed`);
  }

  async questions(
    request: Frame,
    context: AskContext,
  ): Promise<AskUserQuestionResponse | undefined> {
    const questions = questionsOf(request.payload);
    const given = questions.map(({ key }) => this.#policy.answers.get(key));
    if (context.isAgain || given.includes(undefined)) {
      return await this.#person?.questions(request, context);
    }
    const answers = questions.map((question, index): [string, string] => {
      const value = given[index] ?? "";
      this.#unused.delete(question.key);
      const { text, isOption } = chosenAnswer(question, value, "labels-first");
      if (!isOption && question.options.length > 0) {
        this.#transcript.notice(
          safeText`--answer ${sanitize(question.key)}=${
            sanitize(value)
          } is none of the options, and goes to the agent as it is`,
        );
      }
      return [question.key, text];
    });
    return {
      question_id: stringOr(request.payload["question_id"], ""),
      answers: Object.fromEntries(answers),
    };
  }

  /** Says which answers were never asked for: their headers may be misspelled. */
  tellUnused(): void {
    for (const header of this.#unused) {
      this.#transcript.notice(
        safeText`--answer ${sanitize(header)}=… was not used: nothing asked for it`,
      );
    }
  }
}
