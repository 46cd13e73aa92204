import { isObject } from "../protocol/frames.ts";
import type { Filter } from "../render/jmespath.ts";
import { checkNames, fieldNames, parseFields, selectFields, sortRows } from "../render/query.ts";
import { QueryError } from "../render/query_error.ts";
import type { GlobalFlags } from "./deps.ts";
import { usageError } from "./errors.ts";

/**
 * What `--filter`, `--fields`, `--sort-by` and `--reverse` ask for. As in the Python CLI empty ones
 * count as absent, the filter is applied to the whole data, then fields are kept, of each object in
 * a list or of the one object; and only lists are sorted. Unlike there, sorting by a field that
 * isn't kept works, and so does keeping fields of what is wrapped in one (`{"session": {…}}`).
 *
 * A name of a field is unknown when neither a row has it nor the command knows it: most fields are
 * optional, so that a known one may be missing in all rows.
 */
export class OutputQuery {
  /**
   * Whether the rows of a list can be taken one by one. Sorting needs all of them, and so does a
   * filter that counts, picks or orders them.
   */
  readonly isRowByRow: boolean;
  readonly #flags: GlobalFlags;
  readonly #filter: Filter | undefined;
  readonly #known: readonly string[];
  readonly #fields;
  #areFieldsChecked = false;

  /**
   * Reads the flags.
   *
   * @param known names of fields that the command's rows may have
   * @throws {CliError} (exit 4) on a filter that can't be read
   */
  static async of(flags: GlobalFlags, known: readonly string[]): Promise<OutputQuery> {
    if (!flags.filter) return new OutputQuery(flags, known, undefined);
    const { compileFilter } = await import("../render/jmespath.ts");
    const expression = flags.filter;
    return asUsageErrors(() => new OutputQuery(flags, known, compileFilter(expression)));
  }

  private constructor(flags: GlobalFlags, known: readonly string[], filter: Filter | undefined) {
    this.#flags = flags;
    this.#known = known;
    this.#filter = filter;
    this.#fields = parseFields(flags.fields ?? "");
    this.isRowByRow = !flags.sortBy && filter?.isRowByRow !== false;
  }

  /** Whether nothing is asked for, so that data goes out as it is. */
  get isNone(): boolean {
    return this.#filter === undefined && this.#fields.length === 0 && !this.#flags.sortBy;
  }

  /** The fields to keep, in their order; undefined for all. */
  get fields(): readonly string[] | undefined {
    return this.#fields.length === 0 ? undefined : this.#fields.map(({ name }) => name);
  }

  /**
   * Applies all of it to the whole data.
   *
   * @throws {CliError} (exit 4) on a filter that doesn't fit and on unknown names of fields
   */
  apply(data: unknown): unknown {
    return asUsageErrors(() => {
      const found = this.#find(data);
      return this.#keep(Array.isArray(found) ? this.#sort(found) : found);
    });
  }

  /**
   * Applies all of it to the next row of a list that {@linkcode isRowByRow}, which becomes any
   * number of rows. Names of fields are judged by the first of them.
   *
   * @throws {CliError} (exit 4) as `apply`
   */
  applyToRow(row: unknown): readonly unknown[] {
    return asUsageErrors(() => {
      const found = this.#find([row]);
      return Array.isArray(found) ? this.#keepOfRows(found) : [];
    });
  }

  #find(data: unknown): unknown {
    return this.#filter === undefined ? data : this.#filter.apply(data);
  }

  #sort(rows: readonly unknown[]): readonly unknown[] {
    const { sortBy, reverse } = this.#flags;
    if (!sortBy || rows.length === 0) return rows;
    if (rows.some(isObject)) {
      const name = { name: sortBy, position: 1 };
      checkNames("--sort-by", sortBy, [name], this.#namesOf(rows));
    }
    return sortRows(rows, sortBy, reverse);
  }

  #keep(found: unknown): unknown {
    if (this.#fields.length === 0) return found;
    if (Array.isArray(found)) return this.#keepOfRows(found);
    if (!isObject(found)) return found;
    const [only, ...others] = Object.entries(found);
    const isWrapped = typeof only?.[1] === "object" && only[1] !== null && others.length === 0 &&
      this.#fields.every(({ name }) => name !== only[0]);
    if (isWrapped) return { [only[0]]: this.#keep(only[1]) };
    this.#checkFields([found]);
    return selectFields(found, this.#fields);
  }

  #keepOfRows(rows: readonly unknown[]): readonly unknown[] {
    if (this.#fields.length === 0 || rows.length === 0) return rows;
    this.#checkFields(rows);
    return rows.filter(isObject).map((row) => selectFields(row, this.#fields));
  }

  #checkFields(rows: readonly unknown[]): void {
    if (this.#areFieldsChecked) return;
    const { fields = "" } = this.#flags;
    if (!rows.some(isObject)) {
      throw new QueryError(`Cannot apply --fields "${fields}": the rows are not objects`);
    }
    checkNames("--fields", fields, this.#fields, this.#namesOf(rows));
    this.#areFieldsChecked = true;
  }

  #namesOf(rows: readonly unknown[]): Set<string> {
    return new Set([...this.#known, ...fieldNames(rows)]);
  }
}

function asUsageErrors<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof QueryError) throw usageError(error.message, error.hint);
    throw error;
  }
}
