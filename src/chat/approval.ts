import { stringOr } from "../protocol/content.ts";
import type { Frame, ToolApprovalResponse } from "../protocol/frames.ts";
import {
  joinSafe,
  type SafeText,
  safeText,
  sanitize,
  spellOut,
  spellOutLine,
} from "../render/safe_text.ts";
import { renderInputChange, renderToolInput } from "../render/tool_input.ts";
import { type AnswerDesk, type AskContext, stateOf } from "./asker.ts";
import type { PersonOptions } from "./person.ts";

/** Characters of JSON beyond which nobody reads an input to its end. */
const LARGEST_INPUT = 1024 * 1024;

/** What an operator can answer to an approval request. */
type Answer =
  | {
    readonly type: "once" | "session" | "deny" | "reason" | "edit" | "pattern" | "later" | "help";
  }
  | { readonly type: "unknown" };

const ANSWERS: { readonly [word: string]: Answer } = {
  "": { type: "deny" },
  "n": { type: "deny" },
  "no": { type: "deny" },
  "y": { type: "once" },
  "yes": { type: "once" },
  "s": { type: "session" },
  "session": { type: "session" },
  "r": { type: "reason" },
  "reason": { type: "reason" },
  "e": { type: "edit" },
  "edit": { type: "edit" },
  "p": { type: "pattern" },
  "pattern": { type: "pattern" },
  "l": { type: "later" },
  "later": { type: "later" },
  "?": { type: "help" },
};

const HELP = safeText`  y        allow this one call
  n        deny it (the default)
  session  allow every later call of this tool, too
  reason   deny it, and tell the agent why
  edit     change the input, then allow it
  pattern  allow every later call whose input matches a pattern
  later    put it off, to talk with the agent first
`;

/** The no to an approval request. */
export function denial(request: Frame, reason = "Denied by the operator"): ToolApprovalResponse {
  return {
    tool_use_id: stringOr(request.payload["tool_use_id"], ""),
    approved: false,
    approval_scope: "once",
    message: reason,
  };
}

/** One approval request, before one person. */
export class ApprovalDialog {
  readonly #request: Frame;
  readonly #options: PersonOptions;
  readonly #context: AskContext;
  readonly #tool: SafeText;
  #input: unknown;
  #changed = false;

  constructor(request: Frame, options: PersonOptions, context: AskContext) {
    this.#request = request;
    this.#options = options;
    this.#context = context;
    const { tool_name: name, tool_input: input } = request.payload;
    this.#tool = spellOutLine(stringOr(name, "(unnamed)"));
    this.#input = input ?? {};
  }

  /**
   * Shows the whole input, then asks. Anything but a yes is a no.
   *
   * @returns `later` where it was put off, undefined where there is nobody to answer
   */
  async run(): Promise<ToolApprovalResponse | "later" | undefined> {
    const { desk, view } = this.#options;
    view.bell();
    const size = JSON.stringify(this.#input).length;
    if (size > LARGEST_INPUT) {
      const measure = sanitize(`${size.toLocaleString("en")} characters`);
      view.print(
        safeText`${this.#tool} asks for approval with ${measure} of input: more than can be reviewed\n`,
      );
      return denial(this.#request, "The input is larger than a person can review");
    }
    if (!await this.#showInput()) return denial(this.#request);
    while (true) {
      const words = await this.#ask(this.#question(), { default: "n", ending: "n" });
      if (words === undefined) return undefined;
      const answer = ANSWERS[words.trim().toLowerCase()] ?? { type: "unknown" };
      switch (answer.type) {
        case "once":
          return this.#allowed({});
        case "deny":
          return denial(this.#request);
        case "session":
          if (await this.#confirmSession()) return this.#allowed({ approval_scope: "session" });
          continue;
        case "reason": {
          const reason = await this.#ask(safeText`Why not?`);
          if (reason === undefined) return undefined;
          return denial(this.#request, reason.trim() || undefined);
        }
        case "edit":
          await this.#edit(desk);
          continue;
        case "pattern": {
          const pattern = await this.#askPattern();
          if (pattern !== undefined) {
            return this.#allowed({ approval_scope: "session", approval_pattern: pattern });
          }
          continue;
        }
        case "later":
          if (desk.isPerson) return "later";
          return denial(this.#request);
        case "help":
          view.print(HELP);
          continue;
        case "unknown":
          // A pipe's line may have been meant for the agent: it is no yes, so it is a no.
          if (!desk.isPerson) return denial(this.#request);
          view.print(safeText`"${spellOut(words.trim())}" is no answer; ? shows them\n`);
      }
    }
  }

  #question(): SafeText {
    const answers = this.#options.desk.isPerson
      ? safeText`[y/n/session/?]`
      : safeText`[y/n/session]`;
    const changed = this.#changed ? safeText` with your change` : safeText``;
    return safeText`Approve ${this.#tool}${changed}? ${answers}`;
  }

  /** Shows the input page by page; false where it was denied before its end. */
  async #showInput(): Promise<boolean> {
    const { view, styles, desk, size } = this.#options;
    const { columns, rows } = size();
    const input = renderToolInput(this.#tool, this.#input, { styles, columns });
    const { length } = input.lines;
    const measure = sanitize(
      `${length} ${length === 1 ? "line" : "lines"}, ${input.bytes.toLocaleString("en")} bytes`,
    );
    const heading = styles.approval(safeText`Tool approval requested: ${this.#tool}`);
    const warning = input.warning === undefined
      ? safeText``
      : safeText`${styles.error(input.warning)}\n`;
    view.print(safeText`${heading} ${styles.dim(safeText`(${measure})`)}\n${warning}`);
    const page = desk.isPerson ? Math.max(rows - 6, 4) : length;
    for (let shown = 0; shown < length;) {
      view.print(
        joinSafe(input.lines.slice(shown, shown + page).map((line) => safeText`${line}\n`)),
      );
      shown = Math.min(shown + page, length);
      if (shown === length) break;
      const more = await this.#ask(
        safeText`Lines 1–${shown} of ${length}: Enter shows more, n denies`,
        { default: "more" },
      );
      if (more === undefined || /^no?$/i.test(more.trim())) return false;
    }
    return true;
  }

  /** Says what a yes for the session covers, and asks again. */
  async #confirmSession(): Promise<boolean> {
    const { desk, view } = this.#options;
    if (!desk.isPerson) return true;
    view.print(
      safeText`Every later call of ${this.#tool} in this session will run unasked, whatever its input.\n`,
    );
    return isYes(await this.#ask(safeText`Allow all of them? [y/n]`, { default: "n" }));
  }

  async #askPattern(): Promise<string | undefined> {
    const { desk, view } = this.#options;
    const pattern = (await this.#ask(safeText`Pattern`))?.trim();
    if (pattern === undefined || pattern === "") return undefined;
    if (!desk.isPerson) return pattern;
    view.print(
      safeText`Later calls of ${this.#tool} that match ${
        spellOut(pattern)
      } will run unasked; the service decides what matches.\n`,
    );
    const sure = await this.#ask(safeText`Allow these? [y/n]`, { default: "n" });
    return isYes(sure) ? pattern : undefined;
  }

  /** Has the input changed, and shows what changed; allowing it is asked for afterwards. */
  async #edit(desk: AnswerDesk): Promise<void> {
    const { view, styles, size } = this.#options;
    const field = commandOf(this.#input);
    const before = field ?? JSON.stringify(this.#input, null, 2);
    const after = await desk.edit(before, this.#context.signal);
    if (after === undefined || after === before) {
      return view.print(safeText`Nothing was changed.\n`);
    }
    let changed: unknown;
    try {
      changed = field === undefined
        ? JSON.parse(after)
        : { ...this.#input as object, command: after };
    } catch (error) {
      const why = sanitize(error instanceof Error ? error.message : String(error));
      return view.print(safeText`Not changed, because this is no JSON: ${why}\n`);
    }
    view.print(renderInputChange(this.#input, changed, { styles, columns: size().columns }));
    this.#input = changed;
    this.#changed = true;
  }

  #allowed(scope: Partial<ToolApprovalResponse>): ToolApprovalResponse {
    return {
      tool_use_id: stringOr(this.#request.payload["tool_use_id"], ""),
      approved: true,
      approval_scope: "once",
      ...scope,
      ...(this.#changed ? { updated_input: this.#input } : {}),
    };
  }

  #ask(
    message: SafeText,
    options: { default?: string; ending?: string } = {},
  ): Promise<string | undefined> {
    const { clock, desk } = this.#options;
    return desk.ask({
      message,
      ...options,
      careful: true,
      signal: this.#context.signal,
      hint: () => stateOf(this.#context, clock),
    });
  }
}

function isYes(answer: string | undefined): boolean {
  return /^y(es)?$/i.test(answer?.trim() ?? "");
}

/** The command of a shell call, which is edited as such. */
function commandOf(input: unknown): string | undefined {
  const command = typeof input === "object" && input !== null && "command" in input
    ? input.command
    : undefined;
  return typeof command === "string" ? command : undefined;
}
