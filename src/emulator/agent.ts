import type { Clock } from "../app/deps.ts";
import type { ClientMessage, JsonObject, ToolApprovalResponse } from "../protocol/frames.ts";
import { describeQuestion, fillTemplates, type Variables } from "./script_text.ts";
import { Pending } from "./pending.ts";
import type { Question, SayStep, Scenario, Script, Step, ToolStep, Usage } from "./scenario.ts";
import type { SessionSettings } from "./session_settings.ts";
import { ToolPolicy } from "./tool_policy.ts";

/** What the agent needs of its session. */
export interface AgentHost {
  readonly id: string;
  readonly settings: SessionSettings;
  readonly isOrgOwned: boolean;
  readonly usage: Usage;
  broadcast(type: string, payload: JsonObject): void;
  addUsage(usage: Usage): void;
  end(reason: string, exitCode?: number, errorMessage?: string): void;
}

/** Why a turn is over before its script is. */
class TurnOver extends Error {
  readonly interrupted: boolean;

  constructor(interrupted: boolean) {
    super("the turn is over");
    this.interrupted = interrupted;
  }
}

interface Turn {
  readonly startedAt: number;
  readonly over: AbortController;
  readonly variables: Variables;
  /** Whether its `result` has been sent. */
  finished: boolean;
}

/** Plays scripts: it answers each prompt in turn, and waits truly for what it asks. */
export class Agent {
  readonly #host: AgentHost;
  readonly #clock: Clock;
  readonly #scenario: Scenario;
  readonly #policy: ToolPolicy;
  readonly #spent = new Set<Script>();
  readonly #prompts: string[] = [];
  readonly #approvals: Pending<ToolApprovalResponse>;
  readonly #questions: Pending<Readonly<Record<string, string>>>;
  #working = false;
  #stopped = false;
  #turn: Turn | undefined;
  #calls = 0;

  constructor(host: AgentHost, clock: Clock, scenario: Scenario) {
    this.#host = host;
    this.#clock = clock;
    this.#scenario = scenario;
    this.#policy = new ToolPolicy(host.settings);
    this.#approvals = new Pending(clock);
    this.#questions = new Pending(clock);
  }

  /** Says what the runner says when it has started. */
  boot(): void {
    const { settings } = this.#host;
    const system = (subtype: string, message: string) =>
      this.#host.broadcast("system", { subtype, message });
    this.#host.broadcast("session_status", { status: "running" });
    system("init_received", "Runner started");
    system("credential_diagnostics", "Credential found");
    system("model_set", `Model: ${settings.model}`);
    system("permission_mode_set", `Permission mode: ${settings.permissionMode}`);
    if (settings.maxTurns !== undefined) system("max_turns_set", `Turns: ${settings.maxTurns}`);
    if (settings.maxBudgetUsd !== undefined) {
      system("max_budget_set", `Budget: $${settings.maxBudgetUsd}`);
    }
    if (settings.oneShot) system("one_shot_mode_set", "Ends after the first prompt");
    system("mcp_servers_loaded", "0 servers");
    system("tools_configured", `${settings.allowedTools.length} patterns allowed`);
    this.#host.broadcast("sdk_session_id", { sdk_session_id: crypto.randomUUID() });
  }

  /**
   * Takes a client's message.
   *
   * @returns what is wrong with it
   */
  accept(message: ClientMessage): string | undefined {
    switch (message.type) {
      case "prompt":
        this.prompt(message.payload.text);
        return undefined;
      case "interrupt":
        this.#turn?.over.abort(new TurnOver(true));
        return undefined;
      case "heartbeat":
        return undefined;
      case "tool_approval_response": {
        const { tool_use_id: id } = message.payload;
        const waited = this.#approvals.give(id, message.payload);
        return waited ? undefined : `no tool call "${id}" waits for approval`;
      }
      case "ask_user_question_response": {
        const { question_id: id, answers } = message.payload;
        const waited = this.#questions.give(id, answers);
        return waited ? undefined : `no question "${id}" waits for an answer`;
      }
    }
  }

  /** Queues a prompt. */
  prompt(text: string): void {
    this.#prompts.push(text);
    if (!this.#working) void this.#work();
  }

  /** Stops for good, in the middle of whatever it does. */
  stop(): void {
    this.#stopped = true;
    this.#turn?.over.abort(new TurnOver(false));
  }

  async #work(): Promise<void> {
    this.#working = true;
    // The answer begins in a later turn of the event loop than the request that brought the prompt.
    await new Promise<void>((resolve) => queueMicrotask(resolve));
    for (let text = this.#prompts.shift(); text !== undefined; text = this.#prompts.shift()) {
      if (this.#stopped) break;
      await this.#play(text);
      if (this.#host.settings.oneShot) this.#host.end("completed", 0);
    }
    this.#working = false;
  }

  async #play(prompt: string): Promise<void> {
    const turn: Turn = {
      startedAt: this.#clock.now(),
      over: new AbortController(),
      variables: { prompt },
      finished: false,
    };
    this.#turn = turn;
    try {
      this.#host.broadcast("user", { content: [{ type: "text", text: prompt }] });
      await this.#run(this.#choose(prompt)?.steps ?? [], turn);
      this.#finish(turn, { success: true });
    } catch (error) {
      if (!(error instanceof TurnOver)) throw error;
      if (error.interrupted) {
        this.#host.broadcast("system", { subtype: "interrupted", message: "Interrupted by user" });
        this.#finish(turn, { success: false, subtype: "interrupted" });
      }
    } finally {
      this.#turn = undefined;
    }
  }

  #choose(prompt: string): Script | undefined {
    const script = this.#scenario.scripts.find((each) =>
      !this.#spent.has(each) &&
      (each.owner === undefined || (each.owner === "org") === this.#host.isOrgOwned) &&
      (each.prompt === undefined || new RegExp(each.prompt, "iu").test(prompt))
    );
    if (script?.once === true) this.#spent.add(script);
    return script;
  }

  async #run(steps: readonly Step[], turn: Turn): Promise<void> {
    for (const step of steps) {
      await this.#pause(this.#scenario.pace_ms, turn);
      await this.#step(step, turn);
    }
  }

  async #pause(milliseconds: number, { over }: Turn): Promise<void> {
    over.signal.throwIfAborted();
    if (milliseconds > 0) await this.#clock.sleep(milliseconds, over.signal);
  }

  async #step(step: Step, turn: Turn): Promise<void> {
    const { variables } = turn;
    if ("say" in step || "tool" in step) this.#checkTurns(turn);
    if ("say" in step) {
      await this.#say(step, turn);
      this.#charge(step.usage, turn);
    } else if ("tool" in step) {
      await this.#useTool(step, turn);
      this.#charge(step.usage, turn);
    } else if ("ask" in step) {
      await this.#ask(step.ask, turn);
    } else if ("wait_ms" in step) {
      await this.#pause(step.wait_ms, turn);
    } else if ("system" in step) {
      this.#host.broadcast("system", step.system);
    } else if ("result" in step) {
      const { summary, success = true } = step.result;
      const filled = summary === undefined ? {} : { summary: fillTemplates(summary, variables) };
      this.#finish(turn, { success, ...filled });
    } else if ("error" in step) {
      this.#host.broadcast("error", step.error);
    } else if ("fail" in step) {
      this.#fail(step.fail.error, step.fail.details);
    } else if ("end" in step) {
      this.#host.end(step.end.reason, step.end.exit_code);
    } else {
      this.#host.broadcast(step.frame.type, step.frame.payload ?? {});
    }
  }

  async #say({ say, grow_ms: pause }: SayStep, turn: Turn): Promise<void> {
    const { model } = this.#host.settings;
    const send = (text: string, id?: string) =>
      this.#host.broadcast("assistant", {
        ...(id === undefined ? {} : { id }),
        content: [{ type: "text", text }],
        model,
      });
    for (const each of [say].flat()) {
      const text = fillTemplates(each, turn.variables);
      if (pause === undefined) {
        send(text);
        continue;
      }
      const id = newId("msg");
      for (const { index, 0: word } of text.matchAll(/\s*\S+/g)) {
        if (index > 0) await this.#pause(pause, turn);
        send(text.slice(0, index + word.length), id);
      }
    }
  }

  async #useTool(step: ToolStep, turn: Turn): Promise<void> {
    const id = newId("toolu");
    const { tool: name } = step;
    let input = fillTemplates(step.input, turn.variables);
    this.#host.broadcast("assistant", {
      content: [{ type: "tool_use", id, name, input }],
      model: this.#host.settings.model,
    });
    const judged = this.#policy.judge(name, input);
    const verdict = judged === "ask" && step.approval === "never" ? "allow" : judged;
    if (verdict === "deny") {
      return await this.#refuse(id, `${name} is denied in this session`, step, turn);
    }
    const always = step.approval === "always" && !this.#policy.isGranted(name, input);
    if (verdict === "ask" || always) {
      const response = await this.#decide(
        this.#approvals,
        id,
        () =>
          this.#host.broadcast("tool_approval_request", {
            tool_use_id: id,
            tool_name: name,
            tool_input: input,
          }),
        turn,
      );
      if (!response.approved) {
        return await this.#refuse(id, response.message ?? "no reason given", step, turn);
      }
      if (response.approval_scope === "session") {
        this.#policy.grant(name, input, response.approval_pattern);
      }
      if (response.updated_input !== undefined) input = response.updated_input as JsonObject;
    }
    this.#host.broadcast("tool_use", { id, name, input });
    const content = fillTemplates(step.result, { ...turn.variables, input });
    this.#returnResult(id, content, step.is_error ?? false);
  }

  async #refuse(id: string, reason: string, step: ToolStep, turn: Turn): Promise<void> {
    turn.variables.denial = reason;
    this.#returnResult(id, `Denied: ${reason}`, true);
    await this.#run(step.denied ?? [], turn);
  }

  #returnResult(id: string, content: unknown, isError: boolean): void {
    const result = { tool_use_id: id, content, is_error: isError };
    this.#host.broadcast("user", { content: [{ type: "tool_result", ...result }] });
    this.#host.broadcast("tool_result", result);
  }

  async #ask(asked: readonly Question[], turn: Turn): Promise<void> {
    const id = newId("question");
    const questions = asked.map((question) => fillTemplates(question, turn.variables));
    const answers = await this.#decide(
      this.#questions,
      id,
      () => this.#host.broadcast("ask_user_question", { question_id: id, questions }),
      turn,
    );
    turn.variables.answers = { ...turn.variables.answers, ...answers };
    const text = questions.map((question) => describeQuestion(question, answers)).join("\n");
    this.#host.broadcast("user", {
      content: [{ type: "tool_result", tool_use_id: id, content: text }],
    });
  }

  /** Waits for a decision; one that nobody takes fails the session. */
  async #decide<Answer>(
    pending: Pending<Answer>,
    id: string,
    ask: () => void,
    turn: Turn,
  ): Promise<Answer> {
    const answer = await pending.wait(id, ask, turn.over.signal);
    if (answer !== undefined) return answer;
    this.#fail("Nobody answered within 5 minutes", `${id} timed out`);
    throw new TurnOver(false);
  }

  /** Counts one call of the model, and ends the session where it used up the budget. */
  #charge(usage: Partial<Usage> | undefined, turn: Turn): void {
    const charged = { ...this.#scenario.usage, ...usage };
    this.#calls++;
    this.#host.addUsage(charged);
    this.#host.broadcast("usage_delta", { ...charged });
    const { maxBudgetUsd = Infinity } = this.#host.settings;
    const { cost_usd: cost } = this.#host.usage;
    if (cost >= maxBudgetUsd) {
      const summary = `Budget of $${maxBudgetUsd} is used up ($${cost.toFixed(4)})`;
      this.#exhaust("error_max_budget_usd", summary, turn);
    }
  }

  /** Ends the session where another call of the model would be one too many. */
  #checkTurns(turn: Turn): void {
    const { maxTurns = Infinity } = this.#host.settings;
    if (this.#calls < maxTurns) return;
    this.#exhaust("error_max_turns", `Limit of ${maxTurns} turns is reached`, turn);
  }

  #exhaust(subtype: string, summary: string, turn: Turn): never {
    this.#finish(turn, { success: false, subtype, summary });
    this.#host.end("failed", 1, summary);
    throw new TurnOver(false);
  }

  #fail(error: string, details?: string): void {
    this.#host.broadcast("session_error", { error, ...(details === undefined ? {} : { details }) });
    this.#host.end("failed", 1, error);
  }

  #finish(turn: Turn, result: { success: boolean; subtype?: string; summary?: string }): void {
    if (turn.finished || turn.over.signal.reason?.interrupted === false) return;
    turn.finished = true;
    const { cost_usd, ...tokens } = this.#host.usage;
    this.#host.broadcast("result", {
      subtype: "success",
      ...result,
      num_turns: this.#calls,
      duration_ms: this.#clock.now() - turn.startedAt,
      total_cost_usd: cost_usd,
      usage: tokens,
    });
  }
}

function newId(prefix: string): string {
  return `${prefix}_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`;
}
