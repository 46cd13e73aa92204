import { type SafeText, safeText, sanitize } from "./safe_text.ts";

/** Dresses text for a terminal. */
export type Style = (text: SafeText) => SafeText;

/** The styles that output is made of. */
export interface Styles {
  readonly user: Style;
  readonly assistant: Style;
  readonly toolUse: Style;
  readonly toolResult: Style;
  readonly dim: Style;
  readonly bold: Style;
  readonly result: Style;
  readonly error: Style;
  readonly approval: Style;
  readonly question: Style;
  readonly success: Style;
  readonly heading: Style;
  readonly italic: Style;
  readonly code: Style;
  readonly link: Style;
  readonly inserted: Style;
  readonly deleted: Style;
  /** Whether styles can be told apart at all; where not, signs have to say what they would. */
  readonly color: boolean;
}

function sgr(color: boolean, ...codes: number[]): Style {
  if (!color) return (text) => text;
  const parameters = sanitize(codes.join(";"));
  return (text) => safeText`\x1b[${parameters}m${text}\x1b[0m`;
}

/** Text without what styles have put in. */
export function withoutStyles(text: SafeText): SafeText {
  // deno-lint-ignore no-control-regex
  return sanitize(text.replaceAll(/\x1b\[[\d;]*m/g, ""));
}

/** The styles, in color or, for pipes and NO_COLOR, all plain. */
export function makeStyles(color: boolean): Styles {
  return {
    user: sgr(color, 1, 32),
    assistant: sgr(color, 1, 36),
    toolUse: sgr(color, 33),
    toolResult: sgr(color, 2, 33),
    dim: sgr(color, 2),
    bold: sgr(color, 1),
    result: sgr(color, 34),
    error: sgr(color, 1, 31),
    approval: sgr(color, 1, 33),
    question: sgr(color, 1, 35),
    success: sgr(color, 32),
    heading: sgr(color, 1, 4),
    italic: sgr(color, 3),
    code: sgr(color, 36),
    link: sgr(color, 4),
    inserted: sgr(color, 32),
    deleted: sgr(color, 31),
    color,
  };
}
