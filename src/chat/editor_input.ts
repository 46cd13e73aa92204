import type { Clock } from "../app/deps.ts";
import {
  joinSafe,
  type SafeText,
  safeText,
  sanitize,
  sanitizeLine,
  spellOut,
} from "../render/safe_text.ts";
import { wrapToWidth } from "../render/width.ts";
import type { Prompter } from "../term/prompter.ts";
import type { Terminal } from "../term/terminal.ts";
import {
  type AnswerDesk,
  answerOf,
  askByPrompt,
  type EditOptions,
  type LineQuestion,
  type Reading,
  type ReadOptions,
} from "./asker.ts";
import type { Conversation } from "./conversation.ts";
import { Editor } from "./editor.ts";
import type { Input } from "./input.ts";
import { InterruptKey } from "./interrupt_key.ts";
import { type Key, KeyDecoder } from "../term/keys.ts";
import { PROMPT } from "./layout.ts";
import { EMPTY_LINE, lineOf, textOfLine } from "./line.ts";
import { Pager } from "./pager.ts";
import { pageRows, printRows } from "./reading.ts";
import { type Completer, completeSlash } from "./slash.ts";
import { statusRows } from "./status.ts";
import type { Footer, TerminalView } from "./terminal_view.ts";

/** How long a paste may take from its beginning to its end, and how often that is looked for. */
const PASTE_MILLISECONDS = 2_000;
const PASTE_LOOK_MILLISECONDS = 20;

/** So long it takes at most to read what had been typed before there was an input line. */
const EARLY_MILLISECONDS = 50;

/** How often the time in the status line is looked at. */
const STATUS_MILLISECONDS = 1_000;

/** So many of the messages that are queued are shown. */
const MOST_QUEUED_ROWS = 3;

/** Where earlier inputs are kept between runs. */
export interface InputStore {
  /** The oldest first. */
  load(): Promise<readonly string[]>;
  add(text: string): Promise<void>;
  /** Settles when everything that was added is kept. */
  flush(): Promise<void>;
}

export interface EditorInputOptions {
  readonly terminal: Terminal;
  readonly view: TerminalView;
  readonly prompter: Prompter;
  readonly clock: Clock;
  readonly store: InputStore;
  readonly completer: Completer;
}

/** A person at a terminal, with an input line that stays at the bottom. */
export class EditorInput implements Input {
  readonly desk: AnswerDesk;
  readonly #options: EditorInputOptions;
  readonly #editor = new Editor();
  readonly #decoder = new KeyDecoder();
  readonly #interruptKey: InterruptKey;
  /** Settles when what was typed before there was an input line has been taken. */
  #begun: Promise<void> = Promise.resolve();
  #pause: AbortController | undefined;
  #resume: () => void = () => {};
  #resumed: Promise<void> = Promise.resolve();
  /** Whether a question has the place of the input line. */
  #isAsking = false;
  /** The text that is being changed, while one is, and who takes it. */
  #editing: (EditOptions & { take(text: string | undefined): void }) | undefined;

  constructor(options: EditorInputOptions) {
    this.#options = options;
    this.#interruptKey = new InterruptKey(options.clock, options.view);
    this.desk = {
      isPerson: true,
      showsRequests: true,
      ask: (question) => this.#ask(question),
      show: (reading, options) => this.#show(reading, options),
      edit: (text, options) => this.#edit(text, options),
    };
  }

  async run(conversation: Conversation, signal: AbortSignal): Promise<void> {
    const { terminal: { stdin }, view, store } = this.#options;
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    this.#begun = begun;
    stdin.setRaw(true);
    try {
      this.#editor.remember(...await store.load());
      view.show(() => this.#footer(conversation));
      void this.#keepTime(signal);
      await this.#takeEarly(conversation, signal);
      begin();
      while (true) {
        await this.#resumed;
        signal.throwIfAborted();
        const pause = this.#pause = new AbortController();
        try {
          const bytes = await stdin.read(AbortSignal.any([signal, pause.signal]));
          if (bytes === null) return conversation.detach();
          await this.#take(this.#decoder.decode(bytes), conversation);
        } catch (error) {
          if (!pause.signal.aborted || signal.aborted) throw error;
        }
      }
    } finally {
      begin();
      stdin.setRaw(false);
      this.#editor.cancelSearch();
      const draft = textOfLine(this.#editor.line);
      if (draft.trim() !== "") conversation.tellUnsent(draft);
      await store.flush();
    }
  }

  /**
   * Gives up what is being edited or asked, clears a line with text, else stops the agent, else
   * detaches.
   */
  interrupted(conversation: Conversation): void {
    if (this.#editing !== undefined) return this.#editing.take(undefined);
    if (this.#isAsking) return this.#interruptKey.press(conversation);
    if (this.#editor.search !== undefined) this.#editor.cancelSearch();
    else if (this.#editor.isEmpty) return this.#interruptKey.press(conversation);
    else this.#editor.replace(EMPTY_LINE);
    this.#options.view.refresh();
  }

  #footer(conversation: Conversation): Footer {
    const { clock, terminal } = this.#options;
    const { search, count, line } = this.#editor;
    const width = terminal.size().columns - 1;
    return {
      above: [
        ...(this.#editing === undefined ? [] : editStatus(this.#editing, width)),
        ...statusRows(conversation.status, clock.now(), width),
        ...queueRows(conversation.queued),
      ],
      prompt: this.#editing !== undefined
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

  /** Takes what had been typed before: it is meant for no question that is open from the beginning. */
  async #takeEarly(conversation: Conversation, signal: AbortSignal): Promise<void> {
    const { terminal: { stdin }, clock } = this.#options;
    const taken = new AbortController();
    const inTime = AbortSignal.any([signal, taken.signal]);
    const timer = clock.sleep(EARLY_MILLISECONDS, inTime).then(() => taken.abort(), () => {});
    try {
      const bytes = await stdin.read(inTime);
      // The end of the input is found again.
      if (bytes === null) return;
      await this.#take(asEarlyLine(bytes) ?? this.#decoder.decode(bytes), conversation);
    } catch (error) {
      if (!taken.signal.aborted || signal.aborted) throw error;
    } finally {
      taken.abort();
      await timer;
    }
  }

  async #take(keys: readonly Key[], conversation: Conversation): Promise<void> {
    for (const key of keys) await this.#press(key, conversation);
    if (this.#decoder.isEscaping) this.#editor.endSearch();
    this.#options.view.refresh();
  }

  /** Deals with a key; what is to be waited for comes before the next one. */
  #press(key: Key, conversation: Conversation): void | Promise<void> {
    // From a terminal that reports Ctrl-C as a key like any other.
    if (key.name === "cancel") return this.interrupted(conversation);
    if (key.name === "up" && this.#editor.isEmpty && this.#editing === undefined) {
      const text = conversation.takeBack();
      if (text !== undefined) return this.#editor.replace(lineOf(text));
    }
    const action = this.#editor.press(key);
    switch (action.type) {
      case "submitted":
        if (this.#editing !== undefined) return this.#editing.take(action.text);
        if (action.text.trim() !== "") void this.#options.store.add(action.text);
        return conversation.submit(action.text);
      case "complete":
        return this.#editing === undefined ? this.#complete() : undefined;
      case "clear-screen":
        return this.#options.view.clear();
      case "end-of-input":
        if (this.#editing !== undefined) return this.#editing.take(undefined);
        return conversation.detach();
      case "edited":
        return;
    }
  }

  /** Completes what is before the cursor, or shows what it could become. */
  async #complete(): Promise<void> {
    const { view, completer, terminal } = this.#options;
    const typed = this.#editor.textBeforeCursor;
    const { begun, words: [first, ...others] } = await completeSlash(typed, completer);
    if (first === undefined || this.#editor.textBeforeCursor !== typed) return;
    const common = others.reduce(commonStart, first);
    const end = others.length > 0 || first.endsWith("/") ? "" : " ";
    if (common + end !== begun) this.#editor.insert(common.slice(begun.length) + end);
    if (common === begun && others.length > 0) {
      const list = sanitizeLine([first, ...others].join("  "));
      const rows = wrapToWidth(list, terminal.size().columns);
      view.note(safeText`${joinSafe(rows, safeText`\n`)}\n`);
    }
    view.refresh();
  }

  /** Asks with a prompt in the place of the input line, which comes back with its draft. */
  #ask(question: LineQuestion): Promise<string | undefined> {
    return this.#withScreen(() => askByPrompt(this.#options.prompter, question));
  }

  /** Shows what is to be read, in a pager where it is longer than the screen. */
  async #show(reading: Reading, options: ReadOptions): Promise<boolean | undefined> {
    const { view, terminal, clock } = this.#options;
    const size = terminal.size();
    const rows = reading(size.columns);
    if (rows.length <= pageRows(size)) {
      printRows(view, rows);
      return true;
    }
    const pager = new Pager(terminal, reading, options);
    const progress = await this.#withScreen(() => answerOf(pager.run(clock)));
    // What was read stays above the question, and in the scrollback.
    if (progress !== undefined) printRows(view, progress.rows);
    return progress?.isWhole;
  }

  /** Takes the screen and the keys from the input line for a while. */
  async #withScreen<T>(use: () => Promise<T>): Promise<T> {
    const { view, terminal } = this.#options;
    await this.#begun;
    await this.#pasted();
    this.#resumed = new Promise((resolve) => this.#resume = resolve);
    this.#pause?.abort();
    const hold = view.hold();
    terminal.stdin.setRaw(true);
    this.#isAsking = true;
    try {
      return await use();
    } finally {
      this.#isAsking = false;
      terminal.stdin.setRaw(true);
      hold[Symbol.dispose]();
      this.#resume();
    }
  }

  /** Waits for the rest of a paste that has begun to come, so that it is not torn. */
  async #pasted(): Promise<void> {
    const { clock } = this.#options;
    const end = clock.now() + PASTE_MILLISECONDS;
    while (this.#decoder.isPasting && clock.now() < end) await clock.sleep(PASTE_LOOK_MILLISECONDS);
  }

  /** Has a text changed in the input line, whose draft comes back afterwards. */
  async #edit(text: string, options: EditOptions): Promise<string | undefined> {
    const { view } = this.#options;
    const { signal } = options;
    const draft = this.#editor.line;
    this.#editor.replace(lineOf(text));
    view.refresh();
    try {
      return await new Promise((resolve, reject) => {
        this.#editing = { ...options, take: resolve };
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
    } finally {
      this.#editing = undefined;
      this.#editor.replace(draft);
      view.refresh();
    }
  }
}

/**
 * A line that was ended before there was an input line. Until then the terminal sent the same for
 * Enter as for a new line, and marked no paste: what stands last is taken for Enter, and all before
 * it for text; undefined where there are other keys in it.
 */
function asEarlyLine(bytes: Uint8Array): Key[] | undefined {
  const text = new TextDecoder().decode(bytes);
  const isLine = text.endsWith("\n") && !/(?![\t\n])\p{Cc}/u.test(text);
  return isLine ? [{ name: "paste", text: text.slice(0, -1) }, { name: "enter" }] : undefined;
}

/** The time that is left comes first: on a small screen there is room for one row only. */
function editStatus({ what, hint }: EditOptions, columns: number): SafeText[] {
  return wrapToWidth(
    safeText`${hint()}. ${what}: Enter takes it, Ctrl-C leaves it as it is`,
    columns,
  );
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

/** What waits to be sent, the oldest first; of much, the last, which is what can be taken back. */
function queueRows(queued: readonly string[]): SafeText[] {
  const hidden = Math.max(0, queued.length - MOST_QUEUED_ROWS);
  const more = hidden > 0 ? [safeText`queued: ${hidden} more before these`] : [];
  return [
    ...more,
    ...queued.slice(hidden).map((text) => safeText`queued: ${oneRow(text)}`),
  ];
}

function oneRow(text: string): SafeText {
  return spellOut(text.replaceAll(/\s+/g, " "));
}
