/** One thing that the word at the cursor may become. */
export interface Candidate {
  /** The whole word, as the program is to get it: not quoted for any shell. */
  readonly value: string;
  /** What it is, in a few words. */
  readonly description?: string;
}

/** What a shell is told. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  /** The shell completes names of files, which it knows best. */
  readonly files?: boolean;
  /** The word may go on: no space is to follow a candidate. */
  readonly open?: boolean;
}

export const NOTHING: Completion = { candidates: [] };
