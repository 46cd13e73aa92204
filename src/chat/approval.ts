import { stringOr } from "../protocol/content.ts";
import type { Frame, ToolApprovalResponse } from "../protocol/frames.ts";
import { hangingWords, inHangingRows } from "../render/break_lines.ts";
import { cutCharacters } from "../render/cut.ts";
import { counted } from "../render/human.ts";
import { type SafeText, safeText, sanitize, spell, spellOutLine } from "../render/safe_text.ts";
import type { Style } from "../render/styles.ts";
import { renderInputChange, renderToolInput } from "../render/tool_input.ts";
import { jsonBytes } from "../render/tool_input_json.ts";
import type { SheetRow } from "../render/tool_input_sheet.ts";
import { APPROVAL_HELP, isYes, leadsToYes, readApprovalAnswer } from "./approval_answers.ts";
import { type AskContext, stateOf } from "./asker.ts";
import { editableInput, editedInput, isSameInput } from "./edited_input.ts";
import type { PersonOptions } from "./person.ts";
import { countLines } from "./reading.ts";

/** Bytes of JSON beyond which nobody reads an input to its end. */
const LARGEST_INPUT = 1024 * 1024;

/** User-perceived characters of a tool's name that a question has; above the input it is whole. */
const LONGEST_NAME = 80;

/** The no to an approval request. */
export function denial(request: Frame, reason = "Denied by the operator"): ToolApprovalResponse {
  return {
    tool_use_id: stringOr(request.payload["tool_use_id"], ""),
    approved: false,
    approval_scope: "once",
    message: reason,
  };
}

/** The yes to an approval request, for this one call unless more is given. */
export function approval(
  request: Frame,
  more: Partial<ToolApprovalResponse> = {},
): ToolApprovalResponse {
  return {
    tool_use_id: stringOr(request.payload["tool_use_id"], ""),
    approved: true,
    approval_scope: "once",
    ...more,
  };
}

/** One approval request, before one person. */
export class ApprovalDialog {
  readonly #request: Frame;
  readonly #options: PersonOptions;
  readonly #context: AskContext;
  /** The name of the tool, which the service took from the agent. */
  readonly #tool: string;
  readonly #original: unknown;
  #input: unknown;
  #isChanged = false;
  /** Whether the end of what is to be allowed was shown. */
  #isRead = false;

  constructor(request: Frame, options: PersonOptions, context: AskContext) {
    this.#request = request;
    this.#options = options;
    this.#context = context;
    const { tool_name: name, tool_input: input } = request.payload;
    this.#tool = stringOr(name, "(unnamed)");
    this.#original = input ?? {};
    this.#input = this.#original;
  }

  /**
   * Shows the whole input, then asks. Anything but a yes is a no, and there is no yes before the end
   * of the input was shown.
   *
   * @returns `later` where it was put off, undefined where there is nobody to answer
   */
  async run(): Promise<ToolApprovalResponse | "later" | undefined> {
    const { desk, view } = this.#options;
    view.bell();
    const bytes = jsonBytes(this.#input);
    if (bytes > LARGEST_INPUT) {
      const measure = sanitize(counted(bytes, "byte"));
      this.#say(
        safeText`${this.#name} asks for approval with ${measure} of input: more than can be reviewed`,
      );
      return denial(this.#request, "The input is larger than a person can review");
    }
    if (await this.#show() === undefined) return undefined;
    const { draft } = this.#context;
    if (draft.input !== undefined && !await this.#change(draft.input)) return undefined;
    while (true) {
      const words = await this.#ask(this.#question(), { default: "n", ending: "n" });
      if (words === undefined) return undefined;
      const answer = readApprovalAnswer(words);
      if (!this.#isRead && answer !== undefined && leadsToYes(answer)) {
        this.#say(safeText`Its end was not shown yet; more shows it`);
        continue;
      }
      switch (answer) {
        case "once":
          return this.#allowed({});
        case "deny":
          return denial(this.#request);
        case "session":
          if (await this.#confirmSession()) return this.#allowed({ approval_scope: "session" });
          continue;
        case "reason": {
          const before = draft.reason === undefined ? {} : { default: draft.reason };
          const reason = await this.#ask(safeText`Why not?`, before);
          if (reason === undefined) return undefined;
          draft.reason = reason.trim() || undefined;
          return denial(this.#request, draft.reason);
        }
        case "edit":
          if (!await this.#edit()) return undefined;
          continue;
        case "pattern": {
          const pattern = await this.#askPattern();
          if (pattern !== undefined) {
            return this.#allowed({ approval_scope: "session", approval_pattern: pattern });
          }
          continue;
        }
        case "more":
          if (await this.#show() === undefined) return undefined;
          continue;
        case "later":
          if (desk.isPerson) return "later";
          return denial(this.#request);
        case "help":
          view.print(APPROVAL_HELP);
          continue;
        case undefined:
          // A pipe's line may have been meant for the agent: it is no yes, so it is a no.
          if (!desk.isPerson) return denial(this.#request);
          this.#say(safeText`"${spellOutLine(words.trim())}" is no answer; ? shows them`);
      }
    }
  }

  /** The tool's name as part of a question. */
  get #name(): SafeText {
    return nameOf(cutCharacters(this.#tool, LONGEST_NAME));
  }

  #question(): SafeText {
    if (!this.#isRead) return safeText`Deny ${this.#name}, or read on? [n/more/reason/?]`;
    const answers = this.#options.desk.isPerson
      ? safeText`[y/n/session/?]`
      : safeText`[y/n/session]`;
    const changed = this.#isChanged ? safeText` with your change` : safeText``;
    return safeText`Approve ${this.#name}${changed}? ${answers}`;
  }

  /** Shows the input, or the change that was made to it; undefined where nobody is there to see. */
  async #show(): Promise<boolean | undefined> {
    const { styles, desk } = this.#options;
    const shown = await desk.show(
      (columns) => this.#isChanged ? this.#changeRows(columns) : this.#inputRows(columns),
      { styles, hint: this.#state, signal: this.#context.signal },
    );
    this.#isRead ||= shown === true;
    return shown;
  }

  #inputRows(columns: number): SheetRow[] {
    const { styles } = this.#options;
    const input = renderToolInput(this.#tool, this.#input, { styles, columns });
    const lines = countLines(input.rows);
    const measure = sanitize(
      `(${counted(lines, "line")}, ${counted(input.bytes, "byte")})`,
    );
    const heading = safeText`Tool approval requested: ${nameOf(this.#tool)} ${measure}`;
    return [
      ...aboveInput(heading, styles.approval, columns),
      ...aboveInput(input.warning, styles.error, columns),
      ...input.rows,
    ];
  }

  #changeRows(columns: number): SheetRow[] {
    const { styles } = this.#options;
    const change = renderInputChange(this.#original, this.#input, { styles, columns });
    return [...aboveInput(change.warning, styles.error, columns), ...change.rows];
  }

  /** Says what a yes for the session covers, and asks again. */
  async #confirmSession(): Promise<boolean> {
    const { desk } = this.#options;
    if (!desk.isPerson) return true;
    this.#say(
      safeText`Every later call of ${this.#name} in this session will run unasked, whatever its input.`,
    );
    return isYes(await this.#ask(safeText`Allow all of them? [y/n]`, { default: "n" }));
  }

  async #askPattern(): Promise<string | undefined> {
    const { desk } = this.#options;
    const pattern = (await this.#ask(safeText`Pattern`))?.trim();
    if (pattern === undefined || pattern === "") return undefined;
    if (!desk.isPerson) return pattern;
    this.#say(
      safeText`Later calls of ${this.#name} that match ${
        spellOutLine(pattern)
      } will run unasked; the service decides what matches.`,
    );
    const sure = await this.#ask(safeText`Allow these? [y/n]`, { default: "n" });
    return isYes(sure) ? pattern : undefined;
  }

  /**
   * Has the input changed, and shows what changed; allowing it is asked for afterwards.
   *
   * @returns false where nobody is there to see the change
   */
  async #edit(): Promise<boolean> {
    const { desk } = this.#options;
    let editable = editableInput(this.#input);
    if (editable === undefined) {
      this.#say(safeText`It is nested too deeply to be edited.`);
      return true;
    }
    if (editable.hasLost) {
      this.#say(safeText`Of a key that stands more than once, the last is there to be edited.`);
    }
    while (true) {
      const text = await desk.edit(editable.text, {
        what: editable.isCommand ? safeText`The command` : safeText`The input, as JSON`,
        hint: this.#state,
        signal: this.#context.signal,
      });
      if (text === undefined) break;
      editable = { ...editable, text };
      try {
        return await this.#change(editedInput(this.#input, editable));
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        this.#say(safeText`This is no JSON object: ${spellOutLine(error.message)}`);
        if (!desk.isPerson) break;
      }
    }
    this.#say(safeText`Nothing was changed.`);
    return true;
  }

  async #change(input: unknown): Promise<boolean> {
    if (isSameInput(input, this.#input)) {
      this.#say(safeText`Nothing was changed.`);
      return true;
    }
    this.#input = input;
    this.#isChanged = !isSameInput(input, this.#original);
    this.#context.draft.input = this.#isChanged ? input : undefined;
    this.#isRead = false;
    return await this.#show() !== undefined;
  }

  #allowed(scope: Partial<ToolApprovalResponse>): ToolApprovalResponse {
    return approval(this.#request, {
      ...scope,
      ...(this.#isChanged ? { updated_input: this.#input } : {}),
    });
  }

  /** Says something of our own, on a line or more. */
  #say(words: SafeText): void {
    const { view, columns } = this.#options;
    view.print(inHangingRows(words, columns()));
  }

  readonly #state = (): SafeText => stateOf(this.#context, this.#options.clock);

  #ask(
    message: SafeText,
    options: { default?: string; ending?: string } = {},
  ): Promise<string | undefined> {
    return this.#options.desk.ask({
      message,
      ...options,
      careful: true,
      signal: this.#context.signal,
      hint: this.#state,
    });
  }
}

/**
 * The name of a tool. No tool has a letter beyond ASCII in its name but to look like another one, so
 * they are spelled out; in quotes stands what could be taken for more than a name.
 */
function nameOf(tool: string): SafeText {
  const name = sanitize(spellOutLine(tool).replaceAll(/[^\x20-\x7e]/gu, spell));
  // A quotation mark would seem to end the name, and what follows to be ours.
  return /^[\w.:-]+$/.test(name) ? name : safeText`"${sanitize(name.replaceAll('"', '\\"'))}"`;
}

/** A line of ours above the input, in rows of the screen. */
function aboveInput(words: SafeText | undefined, style: Style, columns: number): SheetRow[] {
  if (words === undefined) return [];
  return hangingWords(words, columns - 1).map((row) => ({
    text: style(row),
    line: -1,
  }));
}
