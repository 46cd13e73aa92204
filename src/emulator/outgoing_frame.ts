import { isObject, type JsonObject } from "../protocol/frames.ts";
import { encodeMessage, type Message } from "./web_socket.ts";

/** A frame, ready for any number of clients. */
export interface OutgoingFrame {
  readonly data: Message;
  readonly encoded: Uint8Array;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What a frame gets where it has none. */
export interface Envelope {
  readonly sessionId: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Makes a frame of an object, which gets what it lacks, or of what goes out as it is. */
export function toOutgoing(
  frame: JsonObject | Message,
  { sessionId, now }: Envelope,
  binary?: boolean,
): OutgoingFrame {
  const data = typeof frame === "string" || frame instanceof Uint8Array
    ? frame
    : JSON.stringify(withEnvelope(frame, { sessionId, now }));
  return { data, encoded: encodeMessage(data, binary), at: now };
}

/** A `history` frame of frames that are JSON texts already. */
export function historyFrame(texts: readonly string[], envelope: Envelope): OutgoingFrame {
  const head = JSON.stringify(withEnvelope({ type: "history" }, envelope)).slice(0, -1);
  return toOutgoing(`${head},"payload":{"messages":[${texts.join(",")}]}}`, envelope);
}

/** The texts of the frames that are JSON objects: only those can stand in a history. */
export function objectTexts(frames: readonly OutgoingFrame[]): string[] {
  return frames.map(({ data }) => data).filter(isObjectText);
}

function withEnvelope({ type, ...rest }: JsonObject, { sessionId, now }: Envelope): JsonObject {
  return { type, timestamp: new Date(now).toISOString(), session_id: sessionId, ...rest };
}

function isObjectText(data: Message): data is string {
  if (typeof data !== "string") return false;
  try {
    return isObject(JSON.parse(data));
  } catch {
    return false;
  }
}
