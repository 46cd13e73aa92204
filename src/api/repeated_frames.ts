import type { Clock } from "../app/deps.ts";
import { identityOf } from "../protocol/frame_identity.ts";
import type { Frame } from "../protocol/frames.ts";
import type { ReceivedFrame } from "./attachment.ts";

/** A history may be written a little later than the frame is sent. */
const PATIENCE_MILLISECONDS = 1_000;

export interface RepeatedFramesOptions {
  /** Asks for the session's history; undefined where it cannot be had. */
  readonly fetchHistory: () => Promise<readonly Frame[] | undefined>;
  readonly clock: Clock;
}

/**
 * Tells what was said twice in a row on one link from what was only sent twice. The frames are the
 * same to the letter, so the REST history has to say how often it was said; where that does not know,
 * the link is believed, because a frame too many is better than one too few.
 */
export class RepeatedFrames {
  readonly #options: RepeatedFramesOptions;
  #last: string | undefined;
  /** How often the last one came in a row. */
  #came = 0;
  /** How often the last one was said, as far as a history has told. */
  #said = 0;
  /** Types of frames that are not in histories. */
  readonly #unrecorded = new Set<string>();

  constructor(options: RepeatedFramesOptions) {
    this.#options = options;
  }

  /** Gives frames without those that were only sent twice; at once, where none has come before. */
  take(frames: readonly ReceivedFrame[]): readonly ReceivedFrame[] | Promise<ReceivedFrame[]> {
    for (const [index, received] of frames.entries()) {
      if (this.#isSuspect(received)) return this.#judge(frames, index);
      this.#remember(received);
    }
    return frames;
  }

  async #judge(frames: readonly ReceivedFrame[], from: number): Promise<ReceivedFrame[]> {
    const said = frames.slice(0, from);
    for (const received of frames.slice(from)) {
      if (this.#isSuspect(received) && !await this.#wasSaid(received)) continue;
      this.#remember(received);
      said.push(received);
    }
    return said;
  }

  #isSuspect({ text, frame }: ReceivedFrame): boolean {
    return text === this.#last && this.#came >= this.#said && frame.type !== "history" &&
      !this.#unrecorded.has(frame.type);
  }

  #remember({ text }: ReceivedFrame): void {
    if (text !== this.#last) this.#came = this.#said = 0;
    this.#came++;
    this.#last = text;
  }

  /** Whether it was said once more than it has come so far. */
  async #wasSaid({ frame }: ReceivedFrame): Promise<boolean> {
    const { fetchHistory, clock } = this.#options;
    const identity = identityOf(frame);
    for (const isLast of [false, true]) {
      const history = await fetchHistory();
      if (history === undefined) return true;
      const isSame = (each: Frame) => each.type === frame.type && identityOf(each) === identity;
      this.#said = history.filter(isSame).length;
      if (this.#said === 0) this.#unrecorded.add(frame.type);
      if (this.#said === 0 || this.#said > this.#came) return true;
      // What knows of something later has all that was said before that.
      if (history.findLastIndex(isSame) < history.length - 1) return false;
      if (!isLast) await clock.sleep(PATIENCE_MILLISECONDS);
    }
    return false;
  }
}
