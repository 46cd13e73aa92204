import { usageError } from "../app/errors.ts";

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** Longer ones do not fit a timer. */
const LONGEST_MILLISECONDS = 2 ** 31 - 1;

/**
 * Reads a flag that takes a length of time: `90s`, `10m`, `1.5h`, `1h30m`, or seconds without a unit.
 *
 * @returns milliseconds
 * @throws {CliError} (exit 4) on anything else
 */
export function parseDuration(flag: string, text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smh])/g)];
  const whole = parts.map(([part]) => part).join("");
  const milliseconds = /^\d+(?:\.\d+)?$/.test(text)
    ? Number(text) * 1_000
    : whole === text && text !== ""
    ? parts.reduce((sum, [, amount, unit = ""]) => sum + Number(amount) * (UNITS[unit] ?? 0), 0)
    : NaN;
  if (milliseconds <= LONGEST_MILLISECONDS) return Math.round(milliseconds);
  throw usageError(
    `Invalid value "${text}" of ${flag}: ` +
      (Number.isNaN(milliseconds) ? "it is no length of time" : "it is longer than 24 days"),
    `Write, for example, ${flag} 90s or ${flag} 10m`,
  );
}
