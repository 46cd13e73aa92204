import type { JsonObject } from "../protocol/frames.ts";

/** Tokens and money that one call of the model takes. */
export interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_usd: number;
}

/** A question to the person, as the wire has it. */
export interface Question {
  readonly header?: string;
  readonly question: string;
  readonly options?:
    readonly (string | { readonly label: string; readonly description?: string })[];
  readonly multiSelect?: boolean;
}

/**
 * One thing that the agent does. Texts may hold `{{prompt}}`, `{{answers.HEADER}}`,
 * `{{input.FIELD}}` (what the tool was run with) and `{{denial}}` (why the last tool was denied).
 */
export type Step =
  | SayStep
  | ToolStep
  /** Asks, and waits for the answers. */
  | { readonly ask: readonly Question[] }
  | { readonly system: { readonly subtype?: string; readonly message: string } }
  | { readonly wait_ms: number }
  /** Ends the turn; without this step the turn ends with a `result` that has no summary. */
  | { readonly result: { readonly summary?: string; readonly success?: boolean } }
  | { readonly error: { readonly code: string; readonly message: string } }
  /** The session breaks down. */
  | { readonly fail: { readonly error: string; readonly details?: string } }
  | { readonly end: { readonly reason: string; readonly exit_code?: number } }
  /** Any frame, as it stands. */
  | { readonly frame: { readonly type: string; readonly payload?: JsonObject } };

/** Says something; a list is streamed as one `assistant` frame each. */
export interface SayStep {
  readonly say: string | readonly string[];
  /**
   * Milliseconds between two words: each text is then sent again and again while it grows, in frames
   * whose payloads have one id. No documentation of the service has such frames, nor excludes them.
   */
  readonly grow_ms?: number;
  readonly usage?: Partial<Usage>;
}

/** Uses a tool. */
export interface ToolStep {
  readonly tool: string;
  readonly input: JsonObject;
  readonly result: unknown;
  readonly is_error?: boolean;
  /** Whether a person is asked; by default the session's tool lists and permission mode say. */
  readonly approval?: "always" | "never";
  /** What the agent does when it is denied, before it goes on. */
  readonly denied?: readonly Step[];
  readonly usage?: Partial<Usage>;
}

/** What the agent does on a prompt. */
export interface Script {
  /** Regular expression, without regard to case, that the prompt matches; any prompt without it. */
  readonly prompt?: string;
  /** Only in sessions of a user, or of an organization. */
  readonly owner?: "user" | "org";
  /** Only once in a session. */
  readonly once?: boolean;
  readonly steps: readonly Step[];
}

/** How the agent behaves: the first script that fits a prompt is run. */
export interface Scenario {
  /** Milliseconds that a session stays `starting`. */
  readonly start_delay_ms: number;
  /** Milliseconds before each step. */
  readonly pace_ms: number;
  /** What each call of the model takes where a step doesn't say. */
  readonly usage: Usage;
  readonly scripts: readonly Script[];
}
