import { CliError } from "../../src/app/errors.ts";
import { ExitCode } from "../../src/app/exit_codes.ts";
import type { SafeText } from "../../src/render/safe_text.ts";
import type { Choice, Prompter } from "../../src/term/prompter.ts";

/** One question that was asked. */
export interface Asked {
  readonly kind: "input" | "secret" | "confirm" | "select";
  readonly message: string;
  readonly default?: string | boolean | undefined;
  /** Labels of the choices. */
  readonly choices?: readonly string[];
}

/** Answers questions with what the test has written down, in order. */
export class FakePrompter implements Prompter {
  readonly available: boolean;
  /** Every question so far. */
  readonly asked: Asked[] = [];
  readonly #answers: (string | boolean)[];

  /** @param answers texts, yes or no, labels of choices; undefined where nobody can be asked */
  constructor(answers?: readonly (string | boolean)[]) {
    this.available = answers !== undefined;
    this.#answers = [...answers ?? []];
  }

  /** Answers that no question has used up. */
  get unused(): readonly (string | boolean)[] {
    return this.#answers;
  }

  async input(message: SafeText, options?: { readonly default?: string }): Promise<string> {
    return await this.#answer({ kind: "input", message, default: options?.default }, isString);
  }

  async secret(message: SafeText): Promise<string> {
    return await this.#answer({ kind: "secret", message }, isString);
  }

  async confirm(message: SafeText, options?: { readonly default?: boolean }): Promise<boolean> {
    return await this.#answer({ kind: "confirm", message, default: options?.default }, isBoolean);
  }

  async select<T>(message: SafeText, choices: readonly Choice<T>[]): Promise<T> {
    const labels = choices.map(({ label }) => String(label));
    const wanted = await this.#answer({ kind: "select", message, choices: labels }, isString);
    const choice = choices.find(({ label }) => label === wanted);
    if (choice === undefined) {
      throw new Error(`No choice "${wanted}" among "${labels.join('", "')}"`);
    }
    return choice.value;
  }

  #answer<T extends string | boolean>(
    asked: Asked,
    fits: (value: string | boolean) => value is T,
  ): Promise<T> {
    this.asked.push(asked);
    if (!this.available) {
      const error = new CliError(`Cannot ask "${asked.message}": there is no terminal`, {
        exitCode: ExitCode.NobodyToAsk,
      });
      return Promise.reject(error);
    }
    const answer = this.#answers.shift();
    return answer !== undefined && fits(answer)
      ? Promise.resolve(answer)
      : Promise.reject(new Error(`No answer to ${asked.kind} "${asked.message}": ${answer}`));
  }
}

function isString(value: string | boolean): value is string {
  return typeof value === "string";
}

function isBoolean(value: string | boolean): value is boolean {
  return typeof value === "boolean";
}
