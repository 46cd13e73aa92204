import { usageError } from "../app/errors.ts";
import { questionsOf, stringOr } from "../protocol/content.ts";
import {
  type AskUserQuestionResponse,
  type Frame,
  isObject,
  type ToolApprovalResponse,
} from "../protocol/frames.ts";
import { denial } from "./approval.ts";
import type { AskContext, Asker } from "./asker.ts";
import { answerOf } from "./questions.ts";

/** What is decided without asking anybody. */
export interface Policy {
  /** Undefined leaves approvals to whoever can be asked. */
  readonly onApproval?: "deny" | "fail" | readonly ToolPattern[];
  /** Answers by the header of their question. */
  readonly answers: ReadonlyMap<string, string>;
}

/** Calls that are allowed: by the tool's name, and where there is one by its main argument. */
export interface ToolPattern {
  readonly tool: RegExp;
  readonly argument?: RegExp;
}

/**
 * Reads the values of --on-approval and --answer.
 *
 * @throws {CliError} (exit 4) on a value that is none
 */
export function readPolicy(onApproval?: string, answers: readonly string[] = []): Policy {
  return {
    ...(onApproval === undefined ? {} : { onApproval: readOnApproval(onApproval) }),
    answers: new Map(answers.map(readAnswer)),
  };
}

function readOnApproval(text: string): "deny" | "fail" | ToolPattern[] {
  if (text === "deny" || text === "fail") return text;
  const patterns = /^allow:(.+)$/s.exec(text)?.[1];
  if (patterns !== undefined) return splitPatterns(patterns).map(readPattern);
  throw usageError(
    `Invalid value "${text}" of --on-approval`,
    "Use deny, fail, or allow:PATTERNS such as allow:Read,Bash(git log *)",
  );
}

/** Splits at commas that are not within parentheses. */
function splitPatterns(text: string): string[] {
  return (text.match(/(?:[^,(]|\([^)]*\))+/g) ?? []).map((part) => part.trim())
    .filter((part) => part !== "");
}

function readPattern(text: string): ToolPattern {
  const match = /^([^()]+)(?:\((.*)\))?$/s.exec(text);
  if (match === null) throw usageError(`Invalid pattern "${text}" of --on-approval`);
  const [, tool = "", argument] = match;
  return {
    tool: globOf(tool.trim(), ".*"),
    ...(argument === undefined ? {} : { argument: argumentGlob(argument) }),
  };
}

/**
 * In an argument `*` stands for anything that cannot begin another command, so that
 * `Bash(git log *)` does not allow `git log; rm -rf /`; a lone `*` stands for anything.
 */
function argumentGlob(text: string): RegExp {
  return text === "*" ? /^.*$/s : globOf(text, "[^;&|`$()<>\\n\\r]*");
}

function globOf(text: string, star: string): RegExp {
  const parts = text.split("*").map((part) => RegExp.escape(part));
  return new RegExp(`^${parts.join(star)}$`, "s");
}

function readAnswer(text: string): [string, string] {
  const equals = text.indexOf("=");
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw usageError(`Invalid value "${text}" of --answer`, "Use --answer HEADER=VALUE");
}

/** Decides by a policy; what it leaves open is asked of someone, if there is anyone. */
export class PolicyAsker implements Asker {
  readonly #policy: Policy;
  readonly #person: Asker | undefined;

  constructor(policy: Policy, person?: Asker) {
    this.#policy = policy;
    this.#person = person;
  }

  async approval(
    request: Frame,
    context: AskContext,
  ): Promise<ToolApprovalResponse | "later" | undefined> {
    const { onApproval } = this.#policy;
    if (onApproval === undefined) return await this.#person?.approval(request, context);
    if (onApproval === "fail") return undefined;
    if (onApproval === "deny" || !onApproval.some((pattern) => matches(pattern, request))) {
      return denial(request, "Nobody is there to approve it");
    }
    return {
      tool_use_id: stringOr(request.payload["tool_use_id"], ""),
      approved: true,
      approval_scope: "once",
    };
  }

  async questions(
    request: Frame,
    context: AskContext,
  ): Promise<AskUserQuestionResponse | undefined> {
    const questions = questionsOf(request.payload);
    const answers = new Map<string, string>();
    for (const question of questions) {
      const answer = this.#policy.answers.get(question.key);
      if (answer === undefined) return await this.#person?.questions(request, context);
      answers.set(question.key, answerOf(question, answer));
    }
    return {
      question_id: stringOr(request.payload["question_id"], ""),
      answers: Object.fromEntries(answers),
    };
  }
}

function matches({ tool, argument }: ToolPattern, { payload }: Frame): boolean {
  if (!tool.test(stringOr(payload["tool_name"], ""))) return false;
  return argument === undefined || argument.test(mainArgument(payload["tool_input"]));
}

/** What a tool's call is about: its command, its file, its URL, else the whole input as JSON. */
function mainArgument(input: unknown): string {
  if (isObject(input)) {
    for (const name of ["command", "file_path", "path", "url", "query"]) {
      if (typeof input[name] === "string") return input[name];
    }
  }
  return JSON.stringify(input ?? {});
}
