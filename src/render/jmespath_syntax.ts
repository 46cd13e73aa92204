import { compile, tokenize } from "@jmespath-community/jmespath";
import { cutCharacters } from "./cut.ts";
import { QueryError } from "./query_error.ts";

/** As the Python CLI reads expressions: what stands in backticks may be text without quotes. */
export const SYNTAX = { enable_legacy_literals: true } as const;

/** A token of an expression. */
interface Token {
  readonly type: string;
  readonly start: number;
  /** As it stands in the expression. */
  readonly text: string;
}

const ENDS_OPERAND = new Set([
  "Current",
  "Flatten",
  "Literal",
  "Number",
  "QuotedIdentifier",
  "Rbrace",
  "Rbracket",
  "Root",
  "Rparen",
  "UnquotedIdentifier",
  "Variable",
]);

const BEGINS_OPERAND = new Set([
  "Current",
  "Expref",
  "Lbrace",
  "Literal",
  "Number",
  "QuotedIdentifier",
  "Root",
  "UnquotedIdentifier",
  "Variable",
]);

/** How the parser's message shows that it had come to the end of the expression. */
const AT_END = /token \(EOF\)|token type: EOF,|got: EOF$|: \(EOF\)$/;

/**
 * Checks an expression more strictly than the library does, which tells no positions and takes
 * `=` for `==`, lists without commas, and text that is never closed.
 *
 * @throws {QueryError} that names the expression, what is wrong, and the position
 */
export function checkSyntax(expression: string): void {
  const tokens = readTokens(expression);
  const odd = tokens.findIndex((_, index) => isMisplaced(tokens, index));
  const failed = firstFailure(expression, tokens);
  const first = [odd, failed ?? -1].filter((index) => index >= 0);
  if (first.length === 0) return;
  const token = tokens[Math.min(...first)];
  if (token === undefined) {
    throw wrong(expression, "it ends too early", expression.trimEnd().length);
  }
  throw wrong(expression, `unexpected ${quoted(token.text)}`, token.start, hintFor(token));
}

/** Which character of the expression an index of it is, from 1. */
export function positionOf(expression: string, index: number): number {
  return Array.from(expression.slice(0, index)).length + 1;
}

/** Where a function is called first, as a position; undefined where it isn't. */
export function functionPosition(expression: string, name: string): number | undefined {
  const tokens = readTokens(expression);
  const call = tokens.find(({ type, text }, index) =>
    type === "UnquotedIdentifier" && text === name && tokens[index + 1]?.type === "Lparen"
  );
  return call && positionOf(expression, call.start);
}

function wrong(expression: string, reason: string, index: number, hint?: string): QueryError {
  const position = positionOf(expression, index);
  return new QueryError(
    `Cannot read --filter "${expression}": ${reason} at position ${position}`,
    hint ?? "See https://jmespath.org for the language of expressions",
  );
}

function hintFor({ type }: Token): string | undefined {
  return type === "Assign" ? 'Use "==" to compare' : undefined;
}

function quoted(text: string): string {
  return `"${cutCharacters(text, 40)}"`;
}

/** Takes an expression apart; the last token must be closed. */
function readTokens(expression: string): Token[] {
  if (!canTokenize(expression)) {
    let end = expression.length - 1;
    while (!canTokenize(expression.slice(0, end))) end--;
    const rest = expression.slice(end);
    const start = end + rest.length - rest.trimStart().length;
    throw unreadable(expression, start);
  }
  const found = tokenize(expression, SYNTAX);
  const tokens = found.map(({ type, start }, index) => {
    const end = found[index + 1]?.start ?? expression.length;
    return { type, start, text: expression.slice(start, end).trimEnd() };
  });
  const last = tokens.at(-1);
  if (last?.type === "Literal" && !isClosed(last.text)) throw unreadable(expression, last.start);
  return tokens;
}

function unreadable(expression: string, start: number): QueryError {
  const character = Array.from(expression.slice(start, start + 2))[0] ?? "";
  const reason = "\"'`".includes(character)
    ? `no valid text between ${character} and ${character}`
    : `unexpected ${quoted(character)}`;
  return wrong(expression, reason, start);
}

function canTokenize(text: string): boolean {
  try {
    tokenize(text, SYNTAX);
    return true;
  } catch {
    return false;
  }
}

function isClosed(text: string): boolean {
  return /^'(?:\\.|[^\\'])*'$/s.test(text) || /^`(?:\\.|[^\\`])*`$/s.test(text);
}

/** Whether a token cannot stand behind the one before it, though the library lets it pass. */
function isMisplaced(tokens: readonly Token[], index: number): boolean {
  const [token, before, beforeThat] = [tokens[index], tokens[index - 1], tokens[index - 2]];
  if (token === undefined) return false;
  if (token.type === "Expref") return before?.type !== "Lparen" && before?.type !== "Comma";
  if (token.type === "Assign") {
    const inLet = beforeThat?.text === "let" || beforeThat?.type === "Comma";
    return !(before?.type === "Variable" && inLet);
  }
  if (
    before === undefined || before.text === "let" || before.text === "in" || token.text === "in"
  ) {
    return false;
  }
  return ENDS_OPERAND.has(before.type) && BEGINS_OPERAND.has(token.type);
}

/**
 * The token at which the parser fails; behind the last one where it misses something, undefined
 * where all is well. Once a prefix is beyond repair every longer one is, so halving finds it.
 */
function firstFailure(expression: string, tokens: readonly Token[]): number | undefined {
  const outcome = parse(expression);
  if (outcome === "whole") return undefined;
  let [low, high] = [0, tokens.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const end = tokens[middle + 1]?.start ?? expression.length;
    if (parse(expression.slice(0, end)) === "wrong") high = middle;
    else low = middle + 1;
  }
  return low;
}

function parse(text: string): "whole" | "incomplete" | "wrong" {
  try {
    compile(text, SYNTAX);
    return "whole";
  } catch (error) {
    return error instanceof Error && AT_END.test(error.message) ? "incomplete" : "wrong";
  }
}
