/** What the server process is asked for. */
export type ServerRequest =
  /** Makes a session, which waits for a client. */
  | { readonly type: "session" }
  /**
   * Sends so many frames to the session's client as fast as it takes them, then the end of the
   * session, and waits for the client to leave.
   */
  | {
    readonly type: "stream";
    readonly session: string;
    readonly frames: number;
    /** How many links the client opens. */
    readonly links: number;
  }
  /** Begins to send so many frames a second, for at most a minute. */
  | { readonly type: "trickle"; readonly session: string; readonly perSecond: number }
  /** Ends the session. */
  | { readonly type: "end"; readonly session: string }
  /** Gives the organization so many sessions more. */
  | { readonly type: "sessions"; readonly count: number };

/** Answers it gives; one for each request, in their order. */
export interface ServerAnswers {
  readonly session: { readonly session: string };
  /** When the first frame was sent, in milliseconds since 1970. */
  readonly stream: { readonly startedAt: number };
  readonly trickle: Record<never, never>;
  readonly end: Record<never, never>;
  readonly sessions: Record<never, never>;
}

/** The argument with which it serves `https://` and `wss://`. */
export const TLS_ARGUMENT = "--tls";

/** What it says first. */
export interface ServerReady {
  readonly environment: Readonly<Record<string, string>>;
  /** For clients that mint no token of their own. */
  readonly token: string;
  readonly url: string;
}
