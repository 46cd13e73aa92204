/** Numbers and times as people read them. All of it is our own words, plain ASCII. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const AGES: readonly { readonly unit: string; readonly length: number }[] = [
  { unit: "y", length: 365 * DAY },
  { unit: "mo", length: 30 * DAY },
  { unit: "d", length: DAY },
  { unit: "h", length: HOUR },
  { unit: "min", length: MINUTE },
  { unit: "s", length: SECOND },
];

/** Nearer than this counts as now: clocks differ by as much. */
const NOW_WITHIN = 5 * SECOND;

/**
 * A time as seen from now: `3 min ago`, `in 2 h`, `just now`.
 *
 * @param instant milliseconds since 1970-01-01 UTC, as `now` is
 */
export function relativeTime(instant: number, now: number): string {
  const age = Math.abs(now - instant);
  if (age < NOW_WITHIN) return "just now";
  const { unit, length } = AGES.find((step) => age >= step.length) ?? { unit: "s", length: SECOND };
  const amount = `${Math.floor(age / length)} ${unit}`;
  return instant <= now ? `${amount} ago` : `in ${amount}`;
}

/**
 * Reads a time of a JSON answer: ISO 8601 text, or unix time in seconds or milliseconds.
 *
 * @returns milliseconds since 1970-01-01 UTC, or undefined where it is none
 */
export function parseInstant(value: unknown): number | undefined {
  if (typeof value === "number" && Number.isFinite(value)) {
    // Seconds reach this number in the year 5138, milliseconds reached it in 1973.
    return Math.abs(value) < 1e11 ? value * SECOND : value;
  }
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d(?:[T ]|$)/.test(value)) return undefined;
  const instant = Date.parse(value);
  return Number.isNaN(instant) ? undefined : instant;
}

/** A length of time, its two largest units: `0.4 s`, `14 s`, `2 m 14 s`, `1 h 3 m`, `2 d 4 h`. */
export function duration(milliseconds: number): string {
  if (!(milliseconds >= 0)) return "0 s";
  if (milliseconds < 9.95 * SECOND) {
    const tenths = Math.round(milliseconds / 100);
    return `${tenths % 10 === 0 ? tenths / 10 : (tenths / 10).toFixed(1)} s`;
  }
  const seconds = Math.round(milliseconds / SECOND);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return twoUnits(seconds, 60, "m", "s");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 24 * 60) return twoUnits(minutes, 60, "h", "m");
  return twoUnits(Math.floor(minutes / 60), 24, "d", "h");
}

function twoUnits(amount: number, ratio: number, large: string, small: string): string {
  const rest = amount % ratio;
  const first = `${count(Math.floor(amount / ratio))} ${large}`;
  return rest === 0 ? first : `${first} ${rest} ${small}`;
}

/** A size: `1,234 B`, from 10,000 bytes on `12.1 KiB`, `1.2 MiB`, … */
export function bytes(size: number): string {
  if (Math.abs(size) < 10_000) return `${count(size)} B`;
  let amount = size / 1024;
  let unit = "KiB";
  for (const larger of ["MiB", "GiB", "TiB", "PiB"]) {
    // What would round to 1,024.0 is one of the next unit.
    if (Math.abs(amount) < 1023.95) break;
    amount /= 1024;
    unit = larger;
  }
  return `${amount.toFixed(1)} ${unit}`;
}

/**
 * An amount of US dollars: `$12.34`, below one dollar `$0.0123`; what is too small to show is
 * `<$0.0001`, so that only nothing looks like nothing.
 */
export function money(dollars: number): string {
  const amount = Math.abs(dollars);
  const sign = dollars < 0 ? "-" : "";
  if (amount === 0) return "$0.00";
  if (amount < 0.000_05) return `${sign}<$0.0001`;
  if (amount < 0.999_95) return `${sign}$${amount.toFixed(4)}`;
  const [whole = "", cents = ""] = amount.toFixed(2).split(".");
  return `${sign}$${grouped(whole)}.${cents}`;
}

/** A number with its thousands grouped: `12,345`. Fractions stay as they are. */
export function count(amount: number): string {
  const [whole = "", fraction] = String(amount).split(".");
  return fraction === undefined ? grouped(whole) : `${grouped(whole)}.${fraction}`;
}

/**
 * How many there are of something: `1 message`, `12,345 messages`.
 *
 * @param more the word for several, where it is not the word for one and an s
 */
export function counted(amount: number, one: string, more = `${one}s`): string {
  return `${count(amount)} ${amount === 1 ? one : more}`;
}

function grouped(digits: string): string {
  return digits.replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}
