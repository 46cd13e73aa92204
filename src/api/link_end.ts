import { CloseCode, describeClose } from "../protocol/close_codes.ts";
import type { LinkEnd } from "./attachment.ts";

/** The end of a link that was never dialled. */
export function failedDial(error: string): LinkEnd {
  return { code: CloseCode.Abnormal, reason: "", opened: false, isConfirmed: false, error };
}

/** The close code, or the one that says the same as a refused upgrade's HTTP status. */
export function meaningOf({ code, refusedStatus, givenUp }: LinkEnd): number {
  if (givenUp !== undefined) return CloseCode.Abnormal;
  switch (refusedStatus) {
    case 401:
      return CloseCode.BadToken;
    case 403:
      return CloseCode.NotYours;
    case 404:
      return CloseCode.NotFound;
    default:
      return code;
  }
}

/** Why a link ended, in words. */
export function causeOf({ code, reason, error, opened, givenUp }: LinkEnd): string {
  if (!opened) {
    const why = givenUp ??
      error?.replace(/^(?:NetworkError: )?failed to connect to WebSocket: /i, "");
    return `the connection could not be opened${why ? `: ${why}` : ""}`;
  }
  return givenUp ?? describeClose(code, reason);
}
