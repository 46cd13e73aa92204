/** What a person says to the agent, on its way there. */
export class Outbox {
  /** Not sent yet, the oldest first. */
  readonly #queue: string[] = [];
  /** Sent, and may never have arrived. */
  #doubtful: string[] = [];

  /** What was not sent yet, the oldest first. */
  get queued(): readonly string[] {
    return this.#queue;
  }

  /** Whether something was sent that may never have arrived. */
  get isInDoubt(): boolean {
    return this.#doubtful.length > 0;
  }

  add(text: string): void {
    this.#queue.push(text);
  }

  /** Takes the last one back that was not sent yet. */
  takeBack(): string | undefined {
    return this.#queue.pop();
  }

  /** Forgets what was not sent yet; false where there is nothing. */
  clear(): boolean {
    return this.#queue.splice(0).length > 0;
  }

  /**
   * Sends what was not sent yet, in order; what cannot be sent stays in line.
   *
   * @param mayGo asked before each
   * @param send returns whether it was sent
   */
  sendWhile(mayGo: () => boolean, send: (text: string) => boolean): void {
    for (let [text] = this.#queue; text !== undefined && mayGo(); [text] = this.#queue) {
      if (!send(text)) return;
      this.#queue.shift();
    }
  }

  /** Keeps a text in mind that may never have arrived. */
  doubt(text: string): void {
    this.#doubtful.push(text);
  }

  /** A text has arrived, also one that was in doubt. */
  arrived(text: string): void {
    const index = this.#doubtful.indexOf(text);
    if (index !== -1) this.#doubtful.splice(index, 1);
  }

  /** Puts what may never have arrived in line again, first of all; false where there is nothing. */
  queueDoubtful(): boolean {
    if (!this.isInDoubt) return false;
    this.#queue.unshift(...this.#doubtful.splice(0));
    return true;
  }
}
