/** A query over the output that cannot be done: its message names the flag, the value and where. */
export class QueryError extends Error {
  override readonly name = "QueryError";
  /** What would do instead. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
