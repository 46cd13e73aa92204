import type { ClientMessage, JsonObject, SessionStatus } from "../protocol/frames.ts";
import type { Message } from "./web_socket.ts";

/** Whose session it is: a user's, or an organization's. */
export type Owner = { readonly uid: string } | { readonly oid: string };

/** One frame on a WebSocket. */
export interface WireFrame {
  /** Which of the session's connections, counted from 1. */
  readonly connection: number;
  readonly data: Message;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** How a frame is pushed. */
export interface PushOptions {
  /** Sends text as a binary message. */
  readonly binary?: boolean;
  /** Whether history, replay and `sentFrames` have it; true unless it was said. */
  readonly recorded?: boolean;
}

/** A session, as tests and the embedding program steer it. */
export interface EmulatedSession {
  readonly id: string;
  readonly owner: Owner;
  readonly status: SessionStatus;
  /** How many clients are connected. */
  readonly connections: number;
  /** The session as the REST endpoints show it. */
  toJSON(): JsonObject;
  /** From `starting` to `running`. */
  start(): void;
  /**
   * Sends a frame to every client: an object gets `timestamp` and `session_id` where it has none;
   * text and bytes go out as they are, JSON or not. Settles when there is room for more.
   */
  push(frame: JsonObject | Message, options?: PushOptions): Promise<void>;
  /** Sends `session_end`, closes with 4100. */
  end(reason: string, exitCode?: number): void;
  /** Closes every connection with a code. */
  close(code: number, reason?: string): void;
  /** Closes every TCP connection without a close frame, behind what was pushed. */
  cut(): void;
  /** Settles when at least so many clients are connected at once. */
  attached(count?: number): Promise<void>;
  /** Settles when no client is connected. */
  detached(): Promise<void>;
  /** Settles with the n-th message of a type that clients have sent since the session began. */
  received(type: ClientMessage["type"], count?: number): Promise<ClientMessage>;
}
