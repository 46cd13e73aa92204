/** A stretch of code: from its first backtick to behind its last one. */
export interface CodeSpan {
  readonly content: string;
  readonly end: number;
}

/** Where a run of one character ends. */
export function endOfRun(text: string, start: number): number {
  let end = start + 1;
  while (text[end] === text[start]) end++;
  return end;
}

/**
 * Whether a combining mark stands there, which makes another character of the sign before it: that
 * marks nothing then. Markers that vanish would leave their marks heaped on what stands before them.
 */
export function isCombined(text: string, index: number): boolean {
  return /^\p{M}/u.test(text.slice(index, index + 2));
}

/** The stretches of code, by where they begin: each ends at the next run of as many backticks. */
export function findCode(text: string): Map<number, CodeSpan> {
  const spans = new Map<number, CodeSpan>();
  const runs = Array.from(text.matchAll(/(?<!`)`+(?![`\p{M}])/gu), ({ index, 0: ticks }) => ({
    start: index,
    length: ticks.length,
  }));
  /** The next run of the same length, by the number of the run. */
  const nextAlike: (number | undefined)[] = [];
  const nextOfLength = new Map<number, number>();
  for (let run = runs.length - 1; run >= 0; run--) {
    const length = runs[run]?.length ?? 0;
    nextAlike[run] = nextOfLength.get(length);
    nextOfLength.set(length, run);
  }
  for (let run = 0; run < runs.length; run++) {
    const opening = runs[run];
    const closing = runs[nextAlike[run] ?? -1];
    if (opening === undefined || closing === undefined) continue;
    if (text[opening.start - 1] === "\\") continue;
    const content = text.slice(opening.start + opening.length, closing.start);
    spans.set(opening.start, {
      content: unpadded(content),
      end: closing.start + closing.length,
    });
    run = nextAlike[run] ?? run;
  }
  return spans;
}

/** The space at both ends belongs to the markers, where there is anything else. */
function unpadded(code: string): string {
  const isPadded = code.startsWith(" ") && code.endsWith(" ") && code.trim() !== "";
  return isPadded ? code.slice(1, -1) : code;
}

export function matchBrackets(
  text: string,
  code: ReadonlyMap<number, CodeSpan>,
): Map<number, number> {
  const closing = new Map<number, number>();
  const open = { "[": [] as number[], "(": [] as number[] };
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === "\\") index++;
    else if (character === "`") index = (code.get(index)?.end ?? endOfRun(text, index)) - 1;
    else if (character === "[" || character === "(") open[character].push(index);
    else if (character === "]" || character === ")") {
      const start = open[character === "]" ? "[" : "("].pop();
      if (start !== undefined) closing.set(start, index);
    }
  }
  return closing;
}

/** For each place where the next space stands, or the text ends. */
export function findSpaces(text: string): Int32Array {
  const spaces = new Int32Array(text.length);
  let next = text.length;
  for (let index = text.length - 1; index >= 0; index--) {
    if (text[index] === " ") next = index;
    spaces[index] = next;
  }
  return spaces;
}
