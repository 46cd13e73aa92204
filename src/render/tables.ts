import { isObject, type JsonObject } from "../protocol/frames.ts";
import { cellText } from "./cell.ts";
import { fieldNames } from "./query.ts";
import { joinSafe, type SafeText, safeText, sanitize } from "./safe_text.ts";
import { renderRecord, renderTable, type Table, type TableOptions } from "./table.ts";

/** How to show data in tables. */
export interface TablesOptions extends TableOptions {
  /** Names of fields that come first, in this order, where there are such. */
  readonly first: readonly string[];
  /** The only fields to show, in this order, whether rows have them or not. */
  readonly only?: readonly string[] | undefined;
}

/**
 * Any JSON value as tables: a list of objects as one table; an object as its fields and values, with
 * its lists of objects as tables of their own below. An object of nothing but objects is a table
 * with their names in the field `name`. Anything else is one line a value.
 */
export function renderTables(data: unknown, options: TablesOptions): Table {
  if (Array.isArray(data)) return renderList(data, options);
  if (!isObject(data)) return whole(safeText`${sanitize(String(data))}\n`);
  const entries = Object.entries(data);
  const [only] = entries;
  if (only !== undefined && entries.length === 1 && isRecord(only[1])) {
    return whole(renderRecord(only[1], options));
  }
  if (entries.length > 1 && entries.every(([, value]) => isRecord(value))) {
    return renderList(entries.map(([name, value]) => named(name, value)), options);
  }
  return renderSections(entries, options);
}

/** Text in which nothing was dropped. */
function whole(text: SafeText): Table {
  return { text, dropped: [], droppedEmpty: 0 };
}

function isRecord(value: unknown): value is JsonObject {
  return isObject(value) && Object.keys(value).length > 0;
}

function isTable(value: unknown): value is JsonObject[] {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}

function named(name: string, value: unknown): unknown {
  return isObject(value) && !Object.hasOwn(value, "name") ? { name, ...value } : value;
}

function renderList(items: readonly unknown[], options: TablesOptions): Table {
  if (!items.every(isObject)) {
    const style = { now: undefined, nestedColumns: Infinity };
    const lines = items.map((item) => safeText`${cellText(item, undefined, style)}\n`);
    return whole(joinSafe(lines));
  }
  const names = fieldNames(items);
  const first = options.first.filter((name) => names.has(name));
  return renderTable(items, options.only ?? [...new Set([...first, ...names])], options);
}

function renderSections(
  entries: readonly (readonly [string, unknown])[],
  options: TablesOptions,
): Table {
  const plain = entries.filter(([, value]) => !isTable(value));
  const tables = entries.flatMap(([name, value]) =>
    isTable(value) ? [{ name, table: renderList(value, { ...options, only: undefined }) }] : []
  );
  const record = plain.length > 0 || tables.length === 0
    ? [renderRecord(Object.fromEntries(plain), options)]
    : [];
  const sections = tables.map(({ name, table }) =>
    entries.length === 1 ? table.text : safeText`${sanitize(name)}:\n${table.text}`
  );
  return {
    text: joinSafe([...record, ...sections], safeText`\n`),
    dropped: tables.flatMap(({ table }) => table.dropped),
    droppedEmpty: tables.reduce((sum, { table }) => sum + table.droppedEmpty, 0),
  };
}
