import { usageError } from "../app/errors.ts";

/**
 * What goes wrong on request. Those that take `times` strike that often; without it, every time.
 * `after` counts the frames that one connection was sent, the `history` frame among them.
 */
export type Fault =
  /** The TCP connection is closed without a close frame. */
  | { readonly kind: "drop"; readonly after: number; readonly times?: number }
  /** The connection stays open, but nothing goes through any more. */
  | { readonly kind: "black-hole"; readonly after: number; readonly times?: number }
  /** A frame that is not JSON is slipped in. */
  | { readonly kind: "garbage"; readonly after: number; readonly times?: number }
  /** The WebSocket is closed with a code. */
  | {
    readonly kind: "close";
    readonly after: number;
    readonly code: number;
    readonly times?: number;
  }
  /** Every N-th frame is sent twice. */
  | { readonly kind: "duplicate"; readonly every: number }
  /** Everything sent to a client arrives that many milliseconds later. */
  | { readonly kind: "delay"; readonly ms: number }
  /** Everything sent to a client trickles. */
  | { readonly kind: "slow"; readonly bytesPerSecond: number }
  /** Requests are answered with a status; `path` is the beginning of theirs. */
  | RequestFault<"status"> & { readonly code: number; readonly retryAfter?: number }
  /** Requests are answered with an HTML page. */
  | RequestFault<"html">
  /** Requests are carried out, and their answer breaks off half-way. */
  | RequestFault<"truncate-body">
  /** The connection is closed in place of an answer; the request is not carried out. */
  | RequestFault<"reset">
  /** Requests are never answered. */
  | RequestFault<"hang">
  /** Tokens live only so long. */
  | { readonly kind: "token-expiry"; readonly seconds: number }
  /** Sessions stay `starting` so long. */
  | { readonly kind: "start-delay"; readonly ms: number }
  /** A WebSocket that is refused is opened, then closed with 4001, 4003 or 4004. */
  | { readonly kind: "refuse-by-close" }
  /** The `history` frame also holds the frames that are replayed behind it. */
  | { readonly kind: "overlap" }
  /** There is no `history` frame. */
  | { readonly kind: "no-history" }
  /** Signing in to Claude in the browser fails. */
  | { readonly kind: "claude-login-fails" };

interface RequestFault<Kind> {
  readonly kind: Kind;
  readonly path?: string;
  readonly method?: string;
  readonly times?: number;
}

/** What a field of a fault holds: a whole number from `min` on, or text. */
type Field = { readonly min: number; readonly max?: number } | "text";

interface Shape {
  readonly required?: Readonly<Record<string, Field>>;
  readonly optional?: Readonly<Record<string, Field>>;
}

const COUNT: Field = { min: 0 };
const POSITIVE: Field = { min: 1 };
const STRIKES = { times: POSITIVE };
const REQUESTS = { path: "text", method: "text", times: POSITIVE } as const;

/** The grammar of `--fault`, as data: `KIND[:FIELD=VALUE[,FIELD=VALUE]…]`. */
const SHAPES: { readonly [Kind in Fault["kind"]]: Shape } = {
  "drop": { required: { after: COUNT }, optional: STRIKES },
  "black-hole": { required: { after: COUNT }, optional: STRIKES },
  "garbage": { required: { after: COUNT }, optional: STRIKES },
  "close": { required: { after: COUNT, code: { min: 1000, max: 4999 } }, optional: STRIKES },
  "duplicate": { required: { every: POSITIVE } },
  "delay": { required: { ms: COUNT } },
  "slow": { required: { "bytes-per-second": POSITIVE } },
  "status": {
    required: { code: { min: 200, max: 599 } },
    optional: { ...REQUESTS, "retry-after": COUNT },
  },
  "html": { optional: REQUESTS },
  "truncate-body": { optional: REQUESTS },
  "reset": { optional: REQUESTS },
  "hang": { optional: REQUESTS },
  "token-expiry": { required: { seconds: COUNT } },
  "start-delay": { required: { ms: COUNT } },
  "refuse-by-close": {},
  "overlap": {},
  "no-history": {},
  "claude-login-fails": {},
};

/** One line for each fault, as it is typed. */
export const FAULT_SYNTAX: readonly string[] = Object.entries(SHAPES).map(([kind, shape]) => {
  const fields = [
    ...Object.keys(shape.required ?? {}).map((name) => ({ name, open: "", close: "" })),
    ...Object.keys(shape.optional ?? {}).map((name) => ({ name, open: "[", close: "]" })),
  ];
  return kind +
    fields.map(({ name, open, close }, index) =>
      `${open}${index === 0 ? ":" : ","}${name}=…${close}`
    ).join("");
});

/**
 * Reads a fault such as `status:path=/v1/org/sessions,code=429,times=2,retry-after=1`.
 *
 * @throws {CliError} (usage) that names the field and its position
 */
export function parseFault(spec: string): Fault {
  const [kind = "", ...rest] = spec.split(":");
  const shape = Object.hasOwn(SHAPES, kind) ? SHAPES[kind as Fault["kind"]] : undefined;
  const fail = (position: number, problem: string) =>
    usageError(
      `Invalid fault "${spec}", character ${position + 1}: ${problem}`,
      shape === undefined
        ? `Use one of ${Object.keys(SHAPES).join(", ")}`
        : `Write ${FAULT_SYNTAX[Object.keys(SHAPES).indexOf(kind)]}`,
    );
  if (shape === undefined) throw fail(0, `"${kind}" is no fault`);
  const known: Readonly<Record<string, Field>> = { ...shape.required, ...shape.optional };
  const values: Record<string, string | number> = { kind };
  let position = kind.length + 1;
  for (const part of rest.length === 0 ? [] : rest.join(":").split(",")) {
    const equals = part.indexOf("=");
    const name = equals < 0 ? part : part.slice(0, equals);
    const field = Object.hasOwn(known, name) ? known[name] : undefined;
    if (field === undefined) throw fail(position, `"${kind}" has no field "${name}"`);
    if (equals < 0) throw fail(position, `"${name}" has no value`);
    if (camelCase(name) in values) throw fail(position, `"${name}" is given twice`);
    const value = readValue(part.slice(equals + 1), field);
    if (value === undefined) {
      throw fail(position + equals + 1, `"${name}" must be ${describe(field)}`);
    }
    values[camelCase(name)] = value;
    position += part.length + 1;
  }
  const missing = Object.keys(shape.required ?? {}).find((name) => !(camelCase(name) in values));
  if (missing !== undefined) throw fail(spec.length, `"${missing}" is missing`);
  return values as unknown as Fault;
}

function readValue(text: string, field: Field): string | number | undefined {
  if (field === "text") return text === "" ? undefined : text;
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  return number >= field.min && number <= (field.max ?? Number.MAX_SAFE_INTEGER)
    ? number
    : undefined;
}

function describe(field: Field): string {
  if (field === "text") return "text";
  return field.max === undefined
    ? `a whole number from ${field.min} on`
    : `a whole number from ${field.min} to ${field.max}`;
}

function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
