import type { Clock } from "../app/deps.ts";
import { identityOf, timeOf } from "../protocol/frame_identity.ts";
import { type Frame, historyOf } from "../protocol/frames.ts";
import type { ReceivedFrame } from "./attachment.ts";
import {
  continuationOf,
  type DeliveredFrames,
  DISORDER_MILLISECONDS,
  indexSince,
  type Recent,
} from "./delivered_frames.ts";

/** How often one link's beginning is looked for in the history before it is taken for new. */
const MOST_LOOKS = 3;

/** What a link brings, in order. */
export type Brought =
  | { readonly type: "frames"; readonly frames: readonly ReceivedFrame[] }
  /** Frames between these times, in unix milliseconds, are lost. */
  | { readonly type: "gap"; readonly from: number; readonly to: number };

export interface ResumptionOptions {
  readonly delivered: DeliveredFrames;
  /** Asks for the session's history; undefined where it cannot be had. */
  readonly fetchHistory: () => Promise<readonly Frame[] | undefined>;
  readonly clock: Clock;
  /** When the link before was lost, unix milliseconds; undefined where there was none. */
  readonly lostAt: number | undefined;
}

/**
 * Joins one link to what was delivered before it, so that nothing is lost and nothing doubled.
 *
 * A link begins with a `history` frame, or without; then with frames of the last minute, those that
 * were sent before among them or not; then it is live. None of that can be told from the frames
 * alone, so:
 *
 * 1. The gap before the link is filled from its `history` frame, if that has all that was delivered
 *    and so is up to date, else from the REST history. What neither has is announced as a gap.
 * 2. The first other frame either is later than all that was delivered: then the link is live. Or
 *    it may be a repetition: then the REST history, asked for when the frame is there and so holding
 *    it, says how often it occurs. Where the frame stands in there, the link goes on from; it is
 *    live when it has passed the end of that history.
 *
 * Once live, a link is believed: what was only sent twice is left out before.
 */
export class Resumption {
  readonly #options: ResumptionOptions;
  /** What was delivered when the link began. */
  readonly #before: Recent;
  /** Whether what came before the link is complete. */
  #isFilled: boolean;
  #isLive = false;
  /** A `history` frame that may lack what was delivered last, but is better than nothing. */
  #partial: readonly Frame[] | undefined;
  #held: ReceivedFrame[] = [];
  /** What of the history the link is yet to repeat. */
  #expected: string[] | undefined;
  #latestExpected = -Infinity;
  #looks = 0;

  constructor(options: ResumptionOptions) {
    this.#options = options;
    this.#before = options.delivered.recent;
    this.#isFilled = options.lostAt === undefined;
  }

  /** Whether nothing but new frames come. A `history` frame is for {@linkcode take} even then. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** Whether what was missed before the link has been looked for. */
  get isFilled(): boolean {
    return this.#isFilled;
  }

  /** Takes what the link brought, and gives what of it is new. */
  async take(frames: readonly ReceivedFrame[]): Promise<readonly Brought[]> {
    const out = new Out(this.#options.delivered);
    for (const received of frames) {
      if (received.frame.type === "history") this.#takeHistory(received, out);
      else if (this.#isLive) out.deliver(received);
      else if (this.#expected !== undefined) this.#follow(received, out);
      else this.#held.push(received);
    }
    await this.#decide(out);
    return out.brought;
  }

  /** Fills the gap before the link, which says nothing: it is silent, or refused. */
  async settle(): Promise<readonly Brought[]> {
    const out = new Out(this.#options.delivered);
    if (!this.#isFilled) await this.#look(out);
    return out.brought;
  }

  #takeHistory(received: ReceivedFrame, out: Out): void {
    const { delivered } = this.#options;
    if (delivered.isEmpty) {
      this.#isFilled = true;
      return out.deliver(received);
    }
    const history = historyOf(received.frame.payload);
    const { missing, connects, isCurrent } = continuationOf(delivered.recent, history);
    // One that is not up to date may lack any of the frames that come after what it has.
    if (!connects || !isCurrent) {
      this.#partial = history;
      return;
    }
    for (const index of missing) out.deliver(asReceived(history[index]));
    this.#isFilled = true;
  }

  async #decide(out: Out): Promise<void> {
    const [first] = this.#held;
    if (this.#isFilled) {
      if (first === undefined) return;
      if (this.#isNews(first.frame) || this.#looks >= MOST_LOOKS) return this.#goLive(out);
    } else if (first === undefined && this.#partial === undefined) return;
    await this.#look(out);
  }

  /** Whether a frame is later than everything that was delivered. */
  #isNews(frame: Frame): boolean {
    const { delivered } = this.#options;
    if (delivered.isEmpty) return true;
    const { latest, identities } = delivered.recent;
    if (latest === undefined) return identities.length === 0;
    return (timeOf(frame) ?? -Infinity) > latest;
  }

  #goLive(out: Out): void {
    this.#isLive = true;
    for (const received of this.#held.splice(0)) out.deliver(received);
  }

  /** Looks into the REST history for what is missing, and for where the link begins. */
  async #look(out: Out): Promise<void> {
    const { delivered, fetchHistory } = this.#options;
    this.#looks++;
    const held = this.#held.splice(0);
    const history = await fetchHistory() ?? this.#partial;
    if (delivered.isEmpty) return this.#begin(held, history, out);
    const { recent } = delivered;
    const found = history && continuationOf(recent, history);
    if (history === undefined || found === undefined || (this.#isFilled && !found.connects)) {
      return this.#guess(held, recent, out);
    }
    if (!found.connects) {
      out.gap(this.#gap(recent, history[found.missing[0] ?? -1] ?? held[0]?.frame));
    }
    // A frame that came by the link has its text as the server wrote it.
    const came = Map.groupBy(held, ({ frame }) => identityOf(frame));
    for (const index of found.missing) {
      const frame = history[index];
      const same = frame === undefined ? undefined : came.get(identityOf(frame))?.shift();
      out.deliver(same ?? asReceived(frame));
    }
    this.#isFilled = true;
    const times = held.map(({ frame }) => timeOf(frame) ?? -Infinity);
    const begin = indexSince(history, Math.min(recent.earliest ?? -Infinity, ...times));
    const identities = history.slice(begin).map(identityOf);
    const [first = history.length] = continuationOf(this.#before, history).missing;
    this.#align(held, identities, first - begin, recent, out);
  }

  /** Nothing was shown yet, so the history is shown as the server would have sent it. */
  #begin(held: readonly ReceivedFrame[], history: readonly Frame[] | undefined, out: Out): void {
    this.#isFilled = true;
    if (history === undefined) {
      out.gap(this.#gap(this.#before, held[0]?.frame));
      for (const received of held) out.deliver(received);
      this.#isLive = true;
      return;
    }
    out.deliver(asReceived({ type: "history", payload: { messages: history } }));
    this.#align(held, history.map(identityOf), 0, this.#before, out);
  }

  /** Without a REST history: what was delivered itself is all there is to compare with. */
  #guess(held: readonly ReceivedFrame[], recent: Recent, out: Out): void {
    const [first] = held;
    const { identities, earliest = -Infinity } = recent;
    const follows = first !== undefined && identities.includes(identityOf(first.frame));
    if (!this.#isFilled && !follows) out.gap(this.#gap(recent, first?.frame));
    this.#isFilled = true;
    const comparable = held.filter(({ frame }) => {
      const time = timeOf(frame) ?? Infinity;
      // Nothing from so long ago is repeated: there it was the server's clock that was set back.
      return time >= earliest || time < earliest - DISORDER_MILLISECONDS;
    });
    this.#align(comparable, identities, identities.length, recent, out);
  }

  /**
   * Finds the place of what the link has brought so far in a history that has all of it.
   *
   * @param firstMissing index of the first frame that had not been delivered when the link began:
   * where a frame occurs more than once, a link rather begins there than before
   */
  #align(
    held: readonly ReceivedFrame[],
    history: readonly string[],
    firstMissing: number,
    before: Recent,
    out: Out,
  ): void {
    const places = Map.groupBy(history.keys(), (index) => history[index] ?? "");
    const repeated = new Set(before.identities);
    let place = -1;
    let isNew = false;
    for (const received of held) {
      const identity = identityOf(received.frame);
      const candidates = places.get(identity);
      if (candidates !== undefined) {
        place = place === -1
          ? candidates.find((index) => index >= firstMissing) ?? candidates.at(-1) ?? -1
          : candidates.find((index) => index > place) ?? place;
      } else if (!repeated.has(identity)) {
        // Histories leave some frames out, or are written a little later.
        out.deliver(received);
        isNew = true;
      }
    }
    if (place !== -1) {
      this.#expected = history.slice(place + 1);
      this.#latestExpected = this.#options.delivered.recent.latest ?? -Infinity;
    }
    this.#isLive = place === -1 ? isNew : place === history.length - 1;
  }

  /** Takes a frame of a link that repeats a history whose rest is known. */
  #follow(received: ReceivedFrame, out: Out): void {
    const expected = this.#expected ?? [];
    const index = expected.indexOf(identityOf(received.frame));
    if (index === -1) {
      this.#isLive = (timeOf(received.frame) ?? Infinity) > this.#latestExpected;
      return out.deliver(received);
    }
    expected.splice(0, index + 1);
    this.#isLive = expected.length === 0;
  }

  #gap({ latest }: Recent, next: Frame | undefined): { from: number; to: number } {
    const to = (next && timeOf(next)) ?? this.#options.clock.now();
    return { from: Math.min(latest ?? this.#options.lostAt ?? to, to), to };
  }
}

/** Collects what is new, and remembers it as delivered. */
class Out {
  readonly brought: Brought[] = [];
  readonly #delivered: DeliveredFrames;
  #frames: ReceivedFrame[] | undefined;

  constructor(delivered: DeliveredFrames) {
    this.#delivered = delivered;
  }

  deliver(received: ReceivedFrame): void {
    this.#delivered.add(received.text);
    if (this.#frames === undefined) {
      this.brought.push({ type: "frames", frames: this.#frames = [] });
    }
    this.#frames.push(received);
  }

  gap(times: { readonly from: number; readonly to: number }): void {
    this.#frames = undefined;
    this.brought.push({ type: "gap", ...times });
  }
}

const NO_FRAME: Frame = { type: "", payload: {} };

/** A frame of a history as if it had come by itself. */
function asReceived(frame: Frame = NO_FRAME): ReceivedFrame {
  return { text: JSON.stringify(frame), frame };
}
