import type { SessionEnd } from "../protocol/session_end.ts";
import type { ReceivedFrame } from "./attachment.ts";
import type { Brought } from "./resumption.ts";
import type { Delivery } from "./sent_messages.ts";

/** What happens on a stream, in order. Times are unix milliseconds. */
export type StreamEvent =
  /** The WebSocket is open: for the first time, or again after `downFor` milliseconds. */
  | {
    readonly type: "attached";
    readonly readOnly: boolean;
    readonly resumed: boolean;
    readonly downFor: number;
  }
  /** The caller does not own the session, and watches it read-only. */
  | { readonly type: "read-only-fallback" }
  /** The session has yet to start. */
  | { readonly type: "starting" }
  /** The link is lost; it is dialled again at `nextAt`, and no more after `giveUpAt`. */
  | {
    readonly type: "reconnecting";
    /** Counted from 1 since the last link that was of use. */
    readonly attempt: number;
    readonly cause: string;
    readonly nextAt: number;
    readonly giveUpAt: number;
  }
  /** What came, without what had come before. */
  | { readonly type: "frames"; readonly frames: readonly ReceivedFrame[] }
  /** What was missed is lost: frames between these times. */
  | Extract<Brought, { readonly type: "gap" }>
  /** What is known of a message whose link was lost right after it was sent. */
  | { readonly type: "delivery" } & Delivery;

/** How a stream ended. */
export type StreamEnd =
  | { readonly type: "session-end"; readonly end: SessionEnd; readonly shown: boolean }
  | { readonly type: "detached" }
  | { readonly type: "lost"; readonly cause: string };

/** Where a stream is. */
export type StreamState = "connecting" | "starting" | "attached" | "reconnecting" | "over";
