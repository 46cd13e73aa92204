/** Why the server closed the WebSocket, as its protocol documents it. */
export const CloseCode = {
  Normal: 1000,
  /** No close frame came: the connection broke. */
  Abnormal: 1006,
  BadToken: 4001,
  NotYours: 4003,
  NotFound: 4004,
  /** The session is not running, or not yet. */
  NotRunning: 4009,
  Ended: 4100,
  Reset: 4101,
  Internal: 4500,
} as const;

/** A close code in words. */
export function describeClose(code: number, reason: string): string {
  const words: { readonly [code: number]: string } = {
    [CloseCode.Normal]: "the server closed the connection",
    [CloseCode.Abnormal]: "the connection broke",
    [CloseCode.BadToken]: "the token was refused",
    [CloseCode.NotYours]: "the session belongs to someone else",
    [CloseCode.NotFound]: "there is no such session",
    [CloseCode.NotRunning]: "the session is not running",
    [CloseCode.Ended]: "the session has ended",
    [CloseCode.Reset]: "the session was reset",
    [CloseCode.Internal]: "the server failed",
  };
  // The runtime reports a connection that broke as code 0, for which the standard has 1006.
  const known = code || CloseCode.Abnormal;
  const what = words[known] ?? "the server closed the connection";
  return `${what} (${known}${reason && `: ${reason}`})`;
}
