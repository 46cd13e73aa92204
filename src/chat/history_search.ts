import type { Key } from "../term/keys.ts";
import type { InputHistory } from "./input_history.ts";

/** A search through earlier inputs as its words are typed. */
export class HistorySearch {
  readonly #history: InputHistory;
  readonly #begin: number;
  readonly #lastQuery: string;
  #step: -1 | 1;
  #query = "";
  #failed = false;

  /** @param lastQuery searched for where a search is repeated before anything is typed */
  constructor(history: InputHistory, step: -1 | 1, lastQuery: string) {
    this.#history = history;
    this.#begin = history.place;
    this.#step = step;
    this.#lastQuery = lastQuery;
  }

  get query(): string {
    return this.#query;
  }

  /** Whether it goes from older inputs to newer ones. */
  get isForth(): boolean {
    return this.#step === 1;
  }

  /** Whether no input was found. */
  get hasFailed(): boolean {
    return this.#failed;
  }

  /** Where it began. */
  get begin(): number {
    return this.#begin;
  }

  /**
   * Takes a key.
   *
   * @returns whether it belongs to the search
   */
  press(key: Key): boolean {
    switch (key.name) {
      case "text":
        this.#find(this.#query + key.text, false);
        return true;
      case "paste":
        this.#find(this.#query + key.text.replaceAll(/\s+/g, " "), false);
        return true;
      case "backspace":
        this.#find(Array.from(this.#query).slice(0, -1).join(""), false);
        return true;
      case "search":
      case "search-forth":
        this.#step = key.name === "search" ? -1 : 1;
        if (this.#query === "") this.#find(this.#lastQuery, false);
        else this.#find(this.#query, true);
        return true;
      default:
        return false;
    }
  }

  #find(query: string, goesOn: boolean): void {
    this.#query = query;
    if (query === "") {
      this.#failed = false;
      return;
    }
    const history = this.#history;
    const from = this.#step === -1 ? Math.min(history.place, history.end - 1) : history.place;
    const place = history.find(
      (text) => text.includes(query),
      goesOn ? from + this.#step : from,
      this.#step,
    );
    this.#failed = place === undefined;
    if (place !== undefined) history.goTo(place);
  }
}
