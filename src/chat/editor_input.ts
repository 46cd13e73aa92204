import type { Clock } from "../app/deps.ts";
import { type SafeText, safeText, sanitize, spellOut } from "../render/safe_text.ts";
import type { Prompter } from "../term/prompter.ts";
import type { Terminal } from "../term/terminal.ts";
import type { AnswerDesk, LineQuestion } from "./asker.ts";
import type { Conversation } from "./conversation.ts";
import { Editor } from "./editor.ts";
import type { Input } from "./input.ts";
import { InterruptKey } from "./interrupt_key.ts";
import { type Key, KeyDecoder } from "../term/keys.ts";
import { PROMPT } from "./layout.ts";
import { EMPTY_LINE, lineOf } from "./line.ts";
import { completeSlash } from "./slash.ts";
import { statusLine } from "./status.ts";
import type { Footer, TerminalView } from "./view.ts";

/** How long a question that grants power takes no answer yet. */
const SETTLE_MILLISECONDS = 500;

/** How often the time in the status line is looked at. */
const STATUS_MILLISECONDS = 1_000;

/** Where earlier inputs are kept between runs. */
export interface InputStore {
  /** The oldest first. */
  load(): Promise<readonly string[]>;
  add(text: string): Promise<void>;
}

export interface EditorInputOptions {
  readonly terminal: Terminal;
  readonly view: TerminalView;
  readonly prompter: Prompter;
  readonly clock: Clock;
  readonly store: InputStore;
}

/** A person at a terminal, with an input line that stays at the bottom. */
export class EditorInput implements Input {
  readonly desk: AnswerDesk;
  readonly #options: EditorInputOptions;
  readonly #editor = new Editor();
  readonly #decoder = new KeyDecoder();
  readonly #interruptKey: InterruptKey;
  #pause: AbortController | undefined;
  #resume: () => void = () => {};
  #resumed: Promise<void> = Promise.resolve();
  /** Whether a question has the place of the input line. */
  #isAsking = false;
  /** Takes the text that is being changed, while one is. */
  #edited: ((text: string | undefined) => void) | undefined;

  constructor(options: EditorInputOptions) {
    this.#options = options;
    this.#interruptKey = new InterruptKey(options.clock, options.view);
    this.desk = {
      isPerson: true,
      ask: (question) => this.#ask(question),
      edit: (text, signal) => this.#edit(text, signal),
    };
  }

  async run(conversation: Conversation, signal: AbortSignal): Promise<void> {
    const { terminal: { stdin }, view, store } = this.#options;
    stdin.setRaw(true);
    try {
      this.#editor.remember(...await store.load());
      view.show(() => this.#footer(conversation));
      void this.#keepTime(signal);
      while (true) {
        await this.#resumed;
        signal.throwIfAborted();
        const pause = this.#pause = new AbortController();
        try {
          const bytes = await stdin.read(AbortSignal.any([signal, pause.signal]));
          if (bytes === null) return conversation.detach();
          for (const key of this.#decoder.decode(bytes)) this.#press(key, conversation);
          if (this.#decoder.isEscaping) this.#editor.endSearch();
          view.refresh();
        } catch (error) {
          if (!pause.signal.aborted || signal.aborted) throw error;
        }
      }
    } finally {
      stdin.setRaw(false);
    }
  }

  /**
   * Gives up what is being edited or asked, clears a line with text, else stops the agent, else
   * detaches.
   */
  interrupted(conversation: Conversation): void {
    if (this.#edited !== undefined) return this.#edited(undefined);
    if (this.#editor.search !== undefined) this.#editor.cancelSearch();
    else if (this.#isAsking || this.#editor.isEmpty) return this.#interruptKey.press(conversation);
    else this.#editor.replace(EMPTY_LINE);
    this.#options.view.refresh();
  }

  #footer(conversation: Conversation): Footer {
    const { clock } = this.#options;
    const { search, count, line } = this.#editor;
    return {
      above: [
        statusLine(conversation.status, clock.now()),
        ...conversation.queued.map((text) => safeText`queued: ${oneRow(text)}`),
      ],
      prompt: this.#edited !== undefined
        ? safeText`edit> `
        : search !== undefined
        ? searchPrompt(search)
        : count !== ""
        ? safeText`(count ${sanitize(count)}) `
        : PROMPT,
      line,
    };
  }

  async #keepTime(signal: AbortSignal): Promise<void> {
    const { clock, view } = this.#options;
    while (!signal.aborted) {
      await clock.sleep(STATUS_MILLISECONDS, signal).catch(() => {});
      view.refresh();
    }
  }

  #press(key: Key, conversation: Conversation): void {
    if (key.name === "up" && this.#editor.isEmpty && this.#edited === undefined) {
      const text = conversation.takeBack();
      if (text !== undefined) return this.#editor.replace(lineOf(text));
    }
    const action = this.#editor.press(key);
    switch (action.type) {
      case "submitted":
        if (this.#edited !== undefined) return this.#edited(action.text);
        if (action.text.trim() !== "") void this.#options.store.add(action.text);
        return conversation.submit(action.text);
      case "complete":
        return this.#complete();
      case "clear-screen":
        return this.#options.view.clear();
      case "end-of-input":
        return conversation.detach();
      case "edited":
        return;
    }
  }

  /** Completes what is before the cursor, or shows what it could become. */
  #complete(): void {
    const typed = this.#editor.textBeforeCursor;
    const words = completeSlash(typed);
    const [first] = words;
    if (first === undefined) return;
    const begun = typed.startsWith(first.charAt(0)) && !typed.includes(" ")
      ? typed
      : typed.slice(typed.indexOf(" ") + 1);
    const common = words.reduce(commonStart);
    if (words.length === 1) this.#editor.insert(`${first.slice(begun.length)} `);
    else if (common.length > begun.length) this.#editor.insert(common.slice(begun.length));
    else this.#options.view.note(safeText`${sanitize(words.join("  "))}\n`);
  }

  /** Asks with a prompt in the place of the input line, which comes back with its draft. */
  async #ask({ message, careful, ...options }: LineQuestion): Promise<string> {
    const { view, prompter, terminal } = this.#options;
    this.#resumed = new Promise((resolve) => this.#resume = resolve);
    this.#pause?.abort();
    const hold = view.hold();
    this.#isAsking = true;
    try {
      return await prompter.input(message, {
        ending: "",
        ...options,
        ...(careful === true ? { settle: SETTLE_MILLISECONDS } : {}),
      });
    } finally {
      this.#isAsking = false;
      terminal.stdin.setRaw(true);
      hold[Symbol.dispose]();
      this.#resume();
    }
  }

  /** Has a text changed in the input line, whose draft comes back afterwards. */
  async #edit(text: string, signal: AbortSignal): Promise<string | undefined> {
    const { view } = this.#options;
    const draft = this.#editor.line;
    this.#editor.replace(lineOf(text));
    view.refresh();
    try {
      return await new Promise((resolve, reject) => {
        this.#edited = resolve;
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
    } finally {
      this.#edited = undefined;
      this.#editor.replace(draft);
      view.refresh();
    }
  }
}

function commonStart(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return one.slice(0, length);
}

function searchPrompt({ query, hasFailed, isForth }: NonNullable<Editor["search"]>): SafeText {
  const failed = hasFailed ? safeText`not found: ` : safeText``;
  return safeText`(${failed}search${isForth ? safeText` forth` : safeText``} "${
    spellOut(query)
  }") `;
}

function oneRow(text: string): SafeText {
  return spellOut(text.replaceAll(/\s+/g, " "));
}
