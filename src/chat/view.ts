import type { SafeText } from "../render/safe_text.ts";

/** Where a conversation is shown. */
export interface View {
  /** Shows what belongs to the conversation: on stdout. */
  print(text: SafeText): void;
  /** Shows what is said about it: on stderr. */
  note(text: SafeText): void;
  /**
   * Shows rows that may still change below all that was printed, in place of those before; missing
   * where that can't be done.
   */
  tail?(rows: SafeText): void;
  /** Calls for attention, where that can be done. */
  bell(): void;
  /** Shows a line in place of the one before, or none, below all else; missing where it can't be done. */
  progress?(line: SafeText | undefined): void;
  /** Keeps what is printed back until disposed of, while a question has the screen. */
  hold(): Disposable;
}

/** The same view for what is no data, where stdout is for data alone: it prints on stderr. */
export function asideOf(view: View): View {
  return {
    print: (text) => view.note(text),
    note: (text) => view.note(text),
    bell: () => view.bell(),
    hold: () => view.hold(),
  };
}
