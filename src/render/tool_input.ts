import { isObject, type JsonObject, ownField } from "../protocol/frames.ts";
import { hasRepeatedKeys } from "../protocol/repeated_keys.ts";
import { counted } from "./human.ts";
import { type SafeText, safeText, sanitize } from "./safe_text.ts";
import { jsonBytes } from "./tool_input_json.ts";
import type { RowOptions } from "./tool_input_rows.ts";
import { Sheet, type SheetRow } from "./tool_input_sheet.ts";
import { utf8Length } from "./utf8_length.ts";

/** What a tool is asked to do, for a person who has to decide. */
export interface RenderedInput {
  /** Rows of the screen, none wider than the given columns. */
  readonly rows: readonly SheetRow[];
  /** Bytes of UTF-8 of the input as compact JSON. */
  readonly bytes: number;
  /** What the reader should know before believing their eyes; one line, which may be long. */
  readonly warning?: SafeText;
}

/** What an operator made of a tool's input. */
export type RenderedChange = Omit<RenderedInput, "bytes">;

/** Names of tools that run their command in a shell. */
const SHELL = /bash|shell|terminal|exec|command/i;

/** Fields that go along with a command; whatever has no others is shown as a command. */
const SHELL_FIELDS = new Set([
  "command",
  "cwd",
  "description",
  "env",
  "restart",
  "run_in_background",
  "shell",
  "timeout",
  "timeout_ms",
  "workdir",
  "working_directory",
]);

const PATH_FIELDS = ["file_path", "path", "notebook_path"];
const REPLACEMENT_FIELDS = [["old_string", "new_string"], ["old_str", "new_str"]] as const;
const CONTENT_FIELDS = ["content", "file_text", "new_source"];

/**
 * Shows the whole input of a tool: a command as a command, a change of a file as a diff, anything
 * else as JSON. Nothing is cut; what can't be seen or deceives is spelled out and warned of; every
 * field is there. The first column belongs to our signs, so that nothing can look like one.
 */
export function renderToolInput(name: string, input: unknown, options: RowOptions): RenderedInput {
  const sheet = new Sheet(options);
  noteCases(input, sheet);
  // Only JSON shows a key twice.
  if (!isObject(input) || hasRepeatedKeys(input)) sheet.json(input);
  else if (isShellCall(name, input)) showCommand(input, sheet);
  else if (!showFileChange(input, sheet)) sheet.json(input);
  const warning = sheet.findings.warning();
  return {
    rows: sheet.rows,
    bytes: jsonBytes(input),
    ...(warning === undefined ? {} : { warning }),
  };
}

/**
 * Shows what an operator's change made of a tool's input, field by field.
 * Unchanged fields are named, and unchanged lines counted but for those around a change.
 */
export function renderInputChange(
  before: unknown,
  after: unknown,
  options: RowOptions,
): RenderedChange {
  const sheet = new Sheet(options);
  noteCases(after, sheet);
  const isByField = isObject(before) && isObject(after) && !hasRepeatedKeys(before);
  if (isByField) showChangedFields(before, after, sheet);
  else sheet.jsonChange(before, after);
  const warning = sheet.findings.warning();
  return { rows: sheet.rows, ...(warning === undefined ? {} : { warning }) };
}

/** Takes down fields that are the same but for their case: some readers of JSON go by either. */
function noteCases(input: unknown, { findings }: Sheet): void {
  if (!isObject(input)) return;
  const edits = ownField(input, "edits");
  for (const object of [input, ...(Array.isArray(edits) ? edits.filter(isObject) : [])]) {
    // Some letters have no capital of their own, some no small one.
    findings.keys(Object.keys(object), (field) => field.toLowerCase().toUpperCase());
  }
}

function isShellCall(
  name: string,
  input: JsonObject,
): input is JsonObject & { readonly command: string } {
  return typeof ownField(input, "command") === "string" &&
    (SHELL.test(name) || Object.keys(input).every((field) => SHELL_FIELDS.has(field)));
}

function showCommand(input: JsonObject & { readonly command: string }, sheet: Sheet): void {
  sheet.command(input.command);
  showFields(input, new Set(["command"]), sheet);
}

/** Shows a change of a file; false, and nothing shown, where the input is none. */
function showFileChange(input: JsonObject, sheet: Sheet): boolean {
  const path = PATH_FIELDS.find((field) => typeof ownField(input, field) === "string");
  const replacement = replacementOf(input);
  const content = CONTENT_FIELDS.find((field) => typeof ownField(input, field) === "string");
  const edits = editsOf(input);
  if (path === undefined || (replacement ?? content ?? edits) === undefined) return false;
  sheet.json(input[path], path);
  const shown = new Set([path, ...(replacement?.fields ?? [])]);
  if (content !== undefined) shown.add(content);
  if (edits !== undefined) shown.add("edits");
  showFields(input, shown, sheet);
  if (replacement !== undefined) showReplacement(replacement, sheet);
  edits?.forEach(({ edit, replacement }, index) => {
    sheet.heading(safeText`edits[${index}]`);
    showFields(edit, new Set(replacement.fields), sheet);
    showReplacement(replacement, sheet);
  });
  if (content !== undefined) showContent(content, String(input[content]), sheet);
  return true;
}

interface Replacement {
  readonly fields: readonly [string, string];
  readonly before: string;
  readonly after: string;
}

function replacementOf(input: JsonObject): Replacement | undefined {
  for (const fields of REPLACEMENT_FIELDS) {
    const before = ownField(input, fields[0]);
    const after = ownField(input, fields[1]);
    if (typeof before === "string" && typeof after === "string") return { fields, before, after };
  }
  return undefined;
}

/** The edits of a tool that makes several; undefined unless all of them are such. */
function editsOf(
  input: JsonObject,
): { readonly edit: JsonObject; readonly replacement: Replacement }[] | undefined {
  const edits = ownField(input, "edits");
  if (!Array.isArray(edits) || edits.length === 0) return undefined;
  const found = edits.filter(isObject).flatMap((edit) => {
    const replacement = replacementOf(edit);
    return replacement === undefined ? [] : [{ edit, replacement }];
  });
  return found.length === edits.length ? found : undefined;
}

function showReplacement({ fields: [from, to], before, after }: Replacement, sheet: Sheet): void {
  sheet.heading(sanitize(`${from} -> ${to}`));
  sheet.replacement(before, after);
}

function showContent(name: string, content: string, sheet: Sheet): void {
  const endsInLineEnd = content.endsWith("\n");
  const lines = content === "" ? 0 : content.split("\n").length - (endsInLineEnd ? 1 : 0);
  const measure = `${counted(lines, "line")}, ${counted(utf8Length(content), "byte")}`;
  sheet.heading(sanitize(`${name} (${measure})`));
  if (content === "") return;
  sheet.text(endsInLineEnd ? content.slice(0, -1) : content, safeText`|`);
  if (!endsInLineEnd) sheet.remark(safeText`[no line end behind the last line]`);
}

function showFields(input: JsonObject, except: ReadonlySet<string>, sheet: Sheet): void {
  for (const [field, value] of Object.entries(input)) {
    if (!except.has(field)) sheet.json(value, field);
  }
}

function showChangedFields(before: JsonObject, after: JsonObject, sheet: Sheet): void {
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, current] = [ownField(before, field), ownField(after, field)];
    if (typeof old === "string" && typeof current === "string" && /\n/.test(old + current)) {
      sheet.name(field);
      sheet.textChange(old, current);
    } else {
      sheet.jsonChange(old, current, field);
    }
  }
}
