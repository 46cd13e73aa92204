import type { StreamEvent } from "../api/session_stream.ts";
import type { ClientMessage } from "../protocol/frames.ts";
import { cutCharacters, oneLine } from "../render/cut.ts";
import { duration } from "../render/human.ts";
import { type SafeText, safeText, sanitize, sanitizeLine } from "../render/safe_text.ts";

/** What happens to the connection, and to what was sent by it. */
export type TransportEvent = Exclude<StreamEvent, { type: "frames" }>;

/** As much of a message is repeated to say which one it was. */
const LONGEST_MENTION = 60;

/** Says what happens, in words. */
export function describeTransport(event: TransportEvent, sessionId: string): SafeText {
  switch (event.type) {
    case "attached": {
      const mode = event.readOnly ? safeText`, read-only` : safeText``;
      return event.resumed
        ? safeText`Connected again after ${sanitize(duration(event.downFor))}${mode}.`
        : safeText`Attached to session ${sanitizeLine(sessionId)}${mode}. Ctrl-C detaches.`;
    }
    case "read-only-fallback":
      return safeText`You do not own this session: watching it read-only.`;
    case "starting":
      return safeText`The session is starting…`;
    case "reconnecting": {
      const attempt = event.attempt === 1 ? safeText`` : safeText` (attempt ${event.attempt})`;
      return safeText`Connection lost: ${sanitizeLine(event.cause)}. Reconnecting${attempt}…`;
    }
    case "gap":
      return safeText`--- Lost: what was said between ${clockTime(event.from)} and ${
        clockTime(event.to)
      } ---`;
    case "delivery": {
      const message = describeMessage(event.message);
      return event.state === "delivered"
        ? safeText`${message} has arrived.`
        : safeText`${message} may be lost with the connection. ${howToRepeat(event.message)}`;
    }
  }
}

/** The same for scripts, as fields of an envelope: names in snake case, times in ISO 8601. */
export function transportFields(event: TransportEvent): Readonly<Record<string, unknown>> {
  switch (event.type) {
    case "attached":
      return {
        read_only: event.readOnly,
        ...(event.resumed ? { resumed: true, down_ms: event.downFor } : {}),
      };
    case "read-only-fallback":
    case "starting":
      return {};
    case "reconnecting":
      return {
        attempt: event.attempt,
        cause: event.cause,
        next_at: isoTime(event.nextAt),
        give_up_at: isoTime(event.giveUpAt),
      };
    case "gap":
      return { from: isoTime(event.from), to: isoTime(event.to) };
    case "delivery":
      return { state: event.state, message: event.message };
  }
}

/** What is wrong with the connection. */
export interface LinkTrouble {
  readonly words: string;
  /** Unix milliseconds at which it is dialled again. */
  readonly nextAt?: number;
}

/** What is wrong with the connection after an event; nothing while it is good. */
export function linkTrouble(
  event: TransportEvent,
  before: LinkTrouble | undefined,
): LinkTrouble | undefined {
  switch (event.type) {
    case "attached":
      return undefined;
    case "starting":
      return { words: "starting" };
    case "reconnecting": {
      const words = event.attempt === 1 ? "reconnecting" : `reconnecting, attempt ${event.attempt}`;
      return { words, nextAt: event.nextAt };
    }
    default:
      return before;
  }
}

/** What is wrong with the connection, in words. */
export function describeTrouble({ words, nextAt = 0 }: LinkTrouble, now: number): SafeText {
  const left = Math.ceil((nextAt - now) / 1000) * 1000;
  return left > 0
    ? safeText`${sanitizeLine(words)} in ${sanitizeLine(duration(left))}`
    : sanitizeLine(words);
}

function howToRepeat({ type }: ClientMessage): SafeText {
  const never = safeText`It is not sent again by itself`;
  if (type === "prompt") return safeText`${never}: /resend sends it.`;
  if (type === "interrupt") return safeText`${never}: /interrupt sends it.`;
  return safeText`${never}.`;
}

/** As much of a text as says which one it is. */
export function mentionOf(text: string): SafeText {
  return sanitize(cutCharacters(oneLine(text), LONGEST_MENTION));
}

function describeMessage(message: ClientMessage): SafeText {
  switch (message.type) {
    case "prompt":
      return safeText`Your message "${mentionOf(message.payload.text)}"`;
    case "tool_approval_response":
      return message.payload.approved ? safeText`Your approval` : safeText`Your denial`;
    case "ask_user_question_response":
      return safeText`Your answer`;
    case "interrupt":
    case "heartbeat":
      return safeText`Your interrupt`;
  }
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** Time of day in UTC, as frames show theirs. */
function clockTime(milliseconds: number): SafeText {
  return sanitize(isoTime(milliseconds).slice(11, 19));
}
