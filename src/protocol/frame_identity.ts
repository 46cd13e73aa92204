import { ExactNumber } from "./exact_json.ts";
import type { Frame } from "./frames.ts";

/** Identities are no longer than this: what is longer is replaced by its length and a digest. */
const LONGEST = 400;

/** Deeper than this, content counts by its size only. No frame of the service comes near. */
const DEEPEST = 64;

/**
 * A frame's timestamp in unix milliseconds; undefined where it has none in ISO 8601. The parser
 * would take any word with a number in it for some year.
 */
export function timeOf({ timestamp = "" }: Frame): number | undefined {
  const time = /^\d{4}-\d\d-\d\dT/.test(timestamp) ? Date.parse(timestamp) : NaN;
  return Number.isNaN(time) ? undefined : time;
}

/**
 * What stays the same when a frame is sent again. The service gives frames neither an id nor a
 * position, so it is type, timestamp and content; not the session's id, which stored frames may
 * lack, and neither the order of keys nor how precise or in which zone the timestamp is written.
 *
 * Timestamps are documented with whole seconds: two frames with one identity are common enough, and
 * may well be two frames. Who compares sequences has to count them.
 */
export function identityOf(frame: Frame): string {
  const content = canonicalJson(frame.payload, 0);
  const time = timeOf(frame) ?? frame.timestamp ?? "";
  return `${frame.type} ${time} ${content.length > LONGEST ? digest(content) : content}`;
}

/** JSON in which every object has its keys in order. */
function canonicalJson(value: unknown, depth: number): string {
  // Not every frame is read with exact numbers.
  if (value instanceof ExactNumber) return JSON.stringify(Number(value));
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (depth > DEEPEST) return `<${Object.keys(value).length}>`;
  if (Array.isArray(value)) {
    return `[${value.map((item) => canonicalJson(item, depth + 1)).join(",")}]`;
  }
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([one], [other]) => one < other ? -1 : 1)
    .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item, depth + 1)}`);
  return `{${entries.join(",")}}`;
}

/** Two 32-bit FNV-1a hashes, over the text from either end, and its length. */
function digest(text: string): string {
  let forward = 0x811c9dc5;
  let backward = 0x811c9dc5;
  const last = text.length - 1;
  for (let index = 0; index <= last; index++) {
    forward = Math.imul(forward ^ text.charCodeAt(index), 0x01000193);
    backward = Math.imul(backward ^ text.charCodeAt(last - index), 0x01000193);
  }
  return `${text.length}:${(forward >>> 0).toString(16)}:${(backward >>> 0).toString(16)}`;
}
