/** Something that `limacharlie help` explains beside commands. */
export interface Topic {
  /** One word, as it is typed. */
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** Lines of at most 80 columns. */
  readonly text: string;
}
