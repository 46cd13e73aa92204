import type { Fault } from "./faults.ts";
import type { HttpRequest } from "./http.ts";
import type { Shaping } from "./link.ts";

type FaultOf<Kind extends Fault["kind"]> = Extract<Fault, { readonly kind: Kind }>;
const REQUEST_KINDS = ["status", "html", "truncate-body", "reset", "hang"] as const;
const FRAME_KINDS = ["garbage", "drop", "black-hole", "close"] as const;
type RequestFault = FaultOf<typeof REQUEST_KINDS[number]>;
type FrameFault = FaultOf<typeof FRAME_KINDS[number]>;

/** The faults that are in force, and how often each has struck. */
export class FaultPlan {
  readonly #faults = new Map<Fault, { strikes: number }>();

  constructor(faults: readonly Fault[]) {
    for (const fault of faults) this.add(fault);
  }

  /** Puts a fault in force until it is disposed of. */
  add(fault: Fault): Disposable {
    const own = { ...fault };
    this.#faults.set(own, { strikes: 0 });
    return { [Symbol.dispose]: () => this.#faults.delete(own) };
  }

  /** The latest fault of a kind that is in force. */
  find<Kind extends Fault["kind"]>(kind: Kind): FaultOf<Kind> | undefined {
    // Asked for every frame, and nearly always in vain.
    if (this.#faults.size === 0) return undefined;
    return [...this.#faults.keys()].findLast((fault): fault is FaultOf<Kind> =>
      fault.kind === kind
    );
  }

  /** What the network does at present. */
  shaping(): Shaping {
    const slow = this.find("slow");
    return {
      delay: this.find("delay")?.ms ?? 0,
      ...(slow === undefined ? {} : { bytesPerSecond: slow.bytesPerSecond }),
    };
  }

  /** The fault that strikes a request, which counts as a strike. */
  strikeRequest({ method, path }: HttpRequest): RequestFault | undefined {
    const isStruck = (fault: Fault): fault is RequestFault =>
      isOneOf(REQUEST_KINDS, fault) && path.startsWith(fault.path ?? "") &&
      method === (fault.method?.toUpperCase() ?? method);
    return this.#strike(isStruck, 1)[0];
  }

  /** The faults that strike a connection after its n-th frame, which counts as a strike of each. */
  strikeFrames(sent: number): FrameFault[] {
    const isStruck = (fault: Fault): fault is FrameFault =>
      isOneOf(FRAME_KINDS, fault) && fault.after === sent;
    return this.#strike(isStruck, Infinity);
  }

  #strike<Own extends RequestFault | FrameFault>(
    isStruck: (fault: Fault) => fault is Own,
    limit: number,
  ): Own[] {
    const struck: Own[] = [];
    for (const [fault, state] of this.#faults) {
      if (struck.length === limit) break;
      if (!isStruck(fault) || state.strikes >= (fault.times ?? Infinity)) continue;
      state.strikes++;
      struck.push(fault);
    }
    return struck;
  }
}

function isOneOf<Kind extends Fault["kind"]>(
  kinds: readonly Kind[],
  fault: Fault,
): fault is FaultOf<Kind> {
  return kinds.some((kind) => kind === fault.kind);
}
