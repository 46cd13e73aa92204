import type { CellKind } from "../render/cell.ts";
import { toJson, toJsonList } from "../render/json.ts";
import { joinSafe, type SafeText, safeText, sanitizeLine } from "../render/safe_text.ts";
import { makeStyles } from "../render/styles.ts";
import type { Table } from "../render/table.ts";
import { usesColor } from "../term/uses_color.ts";
import type { Deps, OutputFormat } from "./deps.ts";
import { OutputQuery } from "./output_query.ts";

/** What a command knows of the data that it prints. */
export interface OutputOptions {
  /** Names of fields that rows may have, in the order in which a table shows them. */
  readonly columns?: readonly string[];
  /** What fields stand for. In tables on a terminal they are then shown as people read them. */
  readonly kinds?: Readonly<Record<string, CellKind>>;
}

/** Where commands put their results. */
export interface Output {
  /**
   * Checks the flags and prints nothing: for commands that ask the service before they print.
   *
   * @throws {CliError} (exit 4) on a filter that can't be read
   */
  check(): Promise<void>;
  /**
   * Prints one result, an object as a rule.
   *
   * @throws {CliError} (exit 4) on a filter or a name of a field that doesn't fit
   */
  value(value: unknown, options?: OutputOptions): Promise<void>;
  /**
   * Prints a list. As jsonl each row goes out before the next one is asked for, unless a filter or
   * sorting needs all of them; then, and in all other formats, nothing is printed until the last
   * row is there, so that a list that fails half-way prints nothing.
   *
   * @throws {CliError} (exit 4) on a filter, before any row is asked for, or on a name of a field
   * that doesn't fit
   */
  rows(rows: AsyncIterable<unknown> | Iterable<unknown>, options?: OutputOptions): Promise<void>;
}

/** What output depends on. */
export type OutputDeps = Pick<Deps, "flags" | "terminal" | "env" | "clock">;

/**
 * Makes the output that the global flags ask for: `--output` (a table on a terminal, else json),
 * `--filter`, `--fields`, `--sort-by`, `--reverse`, `--wide`, `--no-color`. With `--quiet` results
 * are not printed, as in the Python CLI; rows are still fetched, and errors still reported.
 */
export function createOutput(deps: OutputDeps): Output {
  return new FlaggedOutput(deps);
}

class FlaggedOutput implements Output {
  readonly #deps: OutputDeps;
  readonly #format: OutputFormat;

  constructor(deps: OutputDeps) {
    this.#deps = deps;
    this.#format = deps.flags.output ?? (deps.terminal.stdout.isTerminal ? "table" : "json");
  }

  async check(): Promise<void> {
    await OutputQuery.of(this.#deps.flags, []);
  }

  async value(value: unknown, options: OutputOptions = {}): Promise<void> {
    const query = await this.#readQuery(options);
    if (this.#deps.flags.quiet) return;
    await this.#print(query.apply(value), query, options);
  }

  async rows(
    rows: AsyncIterable<unknown> | Iterable<unknown>,
    options: OutputOptions = {},
  ): Promise<void> {
    const query = await this.#readQuery(options);
    const { quiet } = this.#deps.flags;
    if (this.#format === "jsonl" && query.isRowByRow && !quiet) {
      return await this.#streamLines(rows, query);
    }
    if (this.#format === "json" && query.isNone && !quiet) {
      return this.#deps.terminal.stdout.write(safeText`${await toJsonList(rows)}\n`);
    }
    const all: unknown[] = [];
    for await (const row of rows) if (!quiet) all.push(row);
    if (!quiet) await this.#print(query.apply(all), query, options);
  }

  async #readQuery({ columns = [] }: OutputOptions): Promise<OutputQuery> {
    const { flags, terminal } = this.#deps;
    const query = await OutputQuery.of(flags, columns);
    if (flags.reverse && !flags.sortBy && !flags.quiet) {
      terminal.stderr.write(safeText`--reverse does nothing without --sort-by\n`);
    }
    return query;
  }

  /** Prints each row as it comes, no faster than stdout takes them and as long as somebody reads. */
  async #streamLines(
    rows: AsyncIterable<unknown> | Iterable<unknown>,
    query: OutputQuery,
  ): Promise<void> {
    const { stdout } = this.#deps.terminal;
    const reader = { isGone: false };
    void stdout.closed.then(() => reader.isGone = true);
    let isFirst = true;
    for await (const row of rows) {
      stdout.write(toLines(query.applyToRow(row)));
      // Whoever waits for the first row has it, however long the next page takes.
      await (isFirst ? stdout.flush() : stdout.ready());
      isFirst = false;
      if (reader.isGone) return;
    }
  }

  /** What only one format needs is loaded when it is used: start-up time counts. */
  async #print(data: unknown, query: OutputQuery, options: OutputOptions): Promise<void> {
    const { stdout } = this.#deps.terminal;
    switch (this.#format) {
      case "json":
        return stdout.write(safeText`${toJson(data, 2)}\n`);
      case "jsonl":
        return stdout.write(toLines(Array.isArray(data) ? data : [data]));
      case "yaml":
        return stdout.write((await import("../render/yaml.ts")).toYaml(data));
      case "toon":
        return stdout.write((await import("../render/toon.ts")).toToon(data));
      case "csv": {
        const header = Array.isArray(data) ? query.fields : undefined;
        return stdout.write((await import("../render/csv.ts")).toCsv(data, header));
      }
      case "table":
        return await this.#printTables(data, query, options);
    }
  }

  async #printTables(
    data: unknown,
    query: OutputQuery,
    { columns = [], kinds = {} }: OutputOptions,
  ): Promise<void> {
    const { terminal, flags, clock } = this.#deps;
    const { stdout, stderr } = terminal;
    if (data === null) return stderr.write(safeText`No data\n`);
    if (Array.isArray(data) && data.length === 0) return stderr.write(safeText`No results\n`);
    const { renderTables } = await import("../render/tables.ts");
    // Off a terminal there is no width to fit, and "3 min ago" is wrong by the time it is read.
    const isFitted = stdout.isTerminal && !flags.wide;
    const { text, ...dropped } = renderTables(data, {
      styles: makeStyles(usesColor(this.#deps)),
      kinds,
      first: columns,
      only: query.fields,
      available: isFitted ? terminal.size().columns : undefined,
      now: isFitted ? clock.now() : undefined,
    });
    stdout.write(text);
    stderr.write(droppedNotice(dropped));
  }
}

function toLines(rows: readonly unknown[]): SafeText {
  return joinSafe(rows.map((row) => safeText`${toJson(row)}\n`));
}

/** One line about the columns for which there was no room; nothing where there was. */
function droppedNotice({ dropped, droppedEmpty }: Omit<Table, "text">): SafeText {
  const count = dropped.length + droppedEmpty;
  if (count === 0) return safeText``;
  const columns = count === 1 ? safeText`1 column does` : safeText`${count} columns do`;
  const names = dropped.map(sanitizeLine);
  const empty = droppedEmpty === 0 ? [] : [safeText`${droppedEmpty} without values`];
  const list = joinSafe([...names, ...empty], safeText`, `);
  return safeText`${columns} not fit: ${list} (--fields picks, --wide and -o json show all)\n`;
}
