import {
  compile,
  getRegisteredFunctions,
  isRegistered,
  type JSONValue,
  registerFunction,
  TreeInterpreter,
  TYPE_ANY,
} from "@jmespath-community/jmespath";
import { ExactNumber } from "../protocol/exact_json.ts";
import { isObject, ownField } from "../protocol/frames.ts";
import { checkSyntax, functionPosition, SYNTAX } from "./jmespath_syntax.ts";
import { didYouMean, nearNames } from "./near_names.ts";
import { compareText } from "./query.ts";
import { QueryError } from "./query_error.ts";

/** A node of a compiled expression. */
type Node = ReturnType<typeof compile>;

/** A JMESPath expression, ready to be applied. */
export interface Filter {
  /**
   * Whether the result over a list is the results over each of its rows, one after another, so
   * that it can be applied to rows as they come.
   */
  readonly isRowByRow: boolean;
  /**
   * Applies the expression.
   *
   * @throws {QueryError} when it does not fit the data
   */
  apply(data: unknown): unknown;
}

/**
 * Reads a JMESPath expression. As in the Python CLI, what stands in backticks may be text without
 * quotes, and `<`, `<=`, `>`, `>=` compare text too, which timestamps need.
 *
 * @throws {QueryError} that names the expression, what is wrong, and the position
 */
export function compileFilter(expression: string): Filter {
  checkSyntax(expression);
  const tree = adapt(compile(expression, SYNTAX));
  const nodes = [...nodesOf(tree)];
  for (const node of nodes) {
    if (node.type === "Function" && !isRegistered(node.name)) {
      throw unknownFunction(expression, node.name);
    }
  }
  return {
    isRowByRow: distributes(tree) && !nodes.some(({ type }) => type === "Root"),
    apply(data) {
      try {
        return TreeInterpreter.search(tree, data as JSONValue);
      } catch (error) {
        throw failure(expression, error);
      }
    },
  };
}

function unknownFunction(expression: string, name: string): QueryError {
  const known = getRegisteredFunctions().filter((each) => !Object.hasOwn(ADAPTED, each));
  return new QueryError(
    `Unknown function "${name}" at position ${functionPosition(expression, name)} ` +
      `of --filter "${expression}"`,
    didYouMean(nearNames(name, known)) ?? `Functions: ${known.join(", ")}`,
  );
}

function failure(expression: string, error: unknown): QueryError {
  const message = error instanceof Error ? error.message : String(error);
  const name = /(\w+)\(\)/.exec(message)?.[1];
  const position = name === undefined ? undefined : functionPosition(expression, name);
  const where = position === undefined ? "" : ` at position ${position}`;
  return new QueryError(
    `Cannot apply --filter "${expression}"${where}: ${message.replace(/\.$/, "")}`,
  );
}

/**
 * What the library does otherwise than the Python CLI, under names that no expression can call:
 * the order of text, and fields that every JavaScript object inherits.
 */
const ADAPTED: Readonly<Record<string, (a: JSONValue, b: JSONValue) => JSONValue>> = {
  "<": (a, b) => ordered(a, b, (order) => order < 0),
  "<=": (a, b) => ordered(a, b, (order) => order <= 0),
  ">": (a, b) => ordered(a, b, (order) => order > 0),
  ">=": (a, b) => ordered(a, b, (order) => order >= 0),
  ".": (data, name) => isObject(data) ? ownField(data, String(name)) as JSONValue ?? null : null,
};

const OPERATORS: Readonly<Record<string, string>> = { LT: "<", LTE: "<=", GT: ">", GTE: ">=" };

for (const [name, adapted] of Object.entries(ADAPTED)) {
  registerFunction(
    name,
    ([a = null, b = null]) => adapted(a as JSONValue, b as JSONValue),
    [{ types: [TYPE_ANY] }, { types: [TYPE_ANY] }],
  );
}

function ordered(a: JSONValue, b: JSONValue, holds: (order: number) => boolean): JSONValue {
  if (isNumber(a) && isNumber(b)) return holds(Number(a) - Number(b));
  if (typeof a === "string" && typeof b === "string") return holds(compareText(a, b));
  return null;
}

function isNumber(value: unknown): value is number | ExactNumber {
  return typeof value === "number" || value instanceof ExactNumber;
}

/** The expression with calls of {@linkcode ADAPTED} in the place of what the library would do. */
function adapt(node: Node): Node {
  if (node.type === "Literal") return node;
  if (node.type === "Field" && node.name in Object.prototype) {
    return call(".", { type: "Current" }, { type: "Literal", value: node.name });
  }
  const operator = node.type === "Comparator" ? OPERATORS[node.name] : undefined;
  if (node.type === "Comparator" && operator !== undefined) {
    return call(operator, adapt(node.left), adapt(node.right));
  }
  const parts = Object.entries(node).map(([name, part]) => [name, adaptPart(part)]);
  return Object.fromEntries(parts);
}

function adaptPart(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(adaptPart);
  return isNode(part) ? adapt(part) : part;
}

function call(name: string, ...children: Node[]): Node {
  return { type: "Function", name, children };
}

function isNode(part: unknown): part is Node {
  return typeof part === "object" && part !== null && "type" in part;
}

function* nodesOf(node: Node): Generator<Node> {
  yield node;
  if (node.type === "Literal") return;
  for (const part of Object.values(node).flat()) {
    if (isNode(part)) yield* nodesOf(part);
  }
}

/** Whether an expression keeps, drops or changes each row of a list whatever the others are. */
function distributes(node: Node): boolean {
  switch (node.type) {
    case "Identity":
    case "Current":
      return true;
    case "Flatten":
      return distributes(node.child);
    case "Projection":
    case "FilterProjection":
      return distributes(node.left);
    case "Pipe":
      return distributes(node.left) && distributes(node.right);
    default:
      return false;
  }
}
