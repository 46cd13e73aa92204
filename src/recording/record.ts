import { parseExactJson } from "../protocol/exact_json.ts";
import { isObject, type JsonObject } from "../protocol/frames.ts";
import { escapeJson } from "../render/safe_text.ts";
import type { Entry } from "./entry.ts";

const SCHEMA_VERSION = 1;

/** What the first line of a recording is chained to. */
export const GENESIS = "0".repeat(64);

/** One line of a recording, as it reads. */
export interface RecordLine {
  /** Counts the lines, from 1. */
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** SHA-256 of the line before. */
  readonly prev: string;
  readonly type: string;
  /** Everything else; what an {@linkcode Entry} of this type has, unless somebody changed it. */
  readonly entry: JsonObject;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const BEGINNING = `{"schema_version":${SCHEMA_VERSION},"seq":`;

/**
 * One line of a recording, without its end. What a terminal would act upon stands as `\u` escapes,
 * so that a recording can be looked at with anything.
 */
export function writeRecord(
  entry: Entry,
  { seq, time, prev }: Pick<RecordLine, "seq" | "time" | "prev">,
): string {
  // Of frames there are many, and this spares a copy of each.
  const fields = entry.type === "frame"
    ? `"type":"frame","frame":${JSON.stringify(entry.frame)}`
    : JSON.stringify(entry).slice(1, -1);
  return escapeJson(
    `${BEGINNING}${seq},"time":"${time}",${fields},"prev":"${prev}"}`,
  );
}

/** @returns undefined for bytes that are no line of a recording */
export function readRecord(bytes: Uint8Array): RecordLine | undefined {
  const value = parse(bytes);
  if (!isObject(value)) return undefined;
  const { schema_version: version, seq, time, prev, type, ...entry } = value;
  const isRecord = version === SCHEMA_VERSION && typeof seq === "number" &&
    Number.isSafeInteger(seq) && seq > 0 && typeof time === "string" &&
    typeof prev === "string" && typeof type === "string";
  return isRecord ? { seq, time, prev, type, entry } : undefined;
}

/** Whether bytes begin like a line of a recording; a line that was cut off, wherever, does. */
export function beginsRecord(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, BEGINNING.length);
  return start.length > 0 &&
    start.every((byte, index) => byte === BEGINNING.charCodeAt(index));
}

function parse(bytes: Uint8Array): unknown {
  try {
    return parseExactJson(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}
