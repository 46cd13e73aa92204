import { Command, EnumType } from "@cliffy/command";
import { PERMISSION_MODES } from "../../api/session_template.ts";
import type { CreateSession } from "../../api/user_sessions.ts";
import type { Deps, Service } from "../../app/deps.ts";
import { CliError } from "../../app/errors.ts";
import { ExitCode } from "../../app/exit_codes.ts";
import { holdConversation } from "../../chat/hold_conversation.ts";
import { endingInFinal } from "../../chat/ending_in_final.ts";
import { readPolicy } from "../../chat/policy.ts";
import { checkStreamFormat } from "../../chat/stream_format.ts";
import { ANSWER, ON_APPROVAL } from "./policy_options.ts";
import { readReconnectTimeout, RECONNECT_TIMEOUT } from "./reconnect_option.ts";
import { openRecord, RECORD } from "./record_option.ts";
import { splitList } from "../parse_values.ts";
import { wholePrompt } from "./whole_prompt.ts";

export interface ChatOptions {
  readonly name?: string;
  readonly model?: string;
  readonly maxTurns?: number;
  readonly maxBudgetUsd?: number;
  readonly taskBudgetTokens?: number;
  readonly permissionMode?: typeof PERMISSION_MODES[number];
  readonly allowedTools?: string;
  readonly deniedTools?: string;
  readonly plugin?: string[];
  readonly idempotentKey?: string;
  readonly verbose?: true | undefined;
  readonly plain?: true | undefined;
  readonly once?: true | undefined;
  readonly onApproval?: string | undefined;
  readonly answer?: string[] | undefined;
  readonly record?: string | undefined;
  readonly reconnectTimeout?: string | undefined;
}

export function chatCommand(deps: Deps, run = chat) {
  return new Command()
    .description(
      "Start a session of your own and talk with it.\n\n" +
        "It is billed to the Claude credential that ai auth claude has stored for you. PROMPT is " +
        "sent first; where it begins with a dash, it stands behind --. What follows is typed, or " +
        "read from standard input line by line. /help shows the commands of a chat, /help keys its " +
        "keys.",
    )
    .type("mode", new EnumType(PERMISSION_MODES))
    .arguments("[prompt:string]")
    .option("--name <name:string>", "Name of the session")
    .option("--model <model:string>", "Model, such as claude-sonnet-4-6")
    .option("--max-turns <n:integer>", "End after this many turns of the agent")
    .option("--max-budget-usd <usd:number>", "End at this cost, in US dollars")
    .option("--task-budget-tokens <n:integer>", "Tokens that a task may take")
    .option("--permission-mode <mode:mode>", PERMISSION_MODES.join(", "))
    .option("--allowed-tools <names:string>", "Tools that need no approval, comma-separated")
    .option("--denied-tools <names:string>", "Tools that may not be used, comma-separated")
    .option("--plugin <name:string>", "Plugin to enable; may be repeated", { collect: true })
    .option("--idempotent-key <key:string>", "A second call with this key makes no second session")
    .option("-v, --verbose", "Show every frame, with whole time stamps")
    .option("--plain", "Append plain lines: no input line, no Markdown, nothing folded")
    .option("--once", "Send PROMPT (- reads it from standard input) and end with its turn")
    .option(...ON_APPROVAL)
    .option(...ANSWER)
    .option(...RECORD)
    .option(...RECONNECT_TIMEOUT)
    .example("Ask", 'limacharlie ai chat "what sensors pinged in the last hour?"')
    .example("In a script", 'limacharlie ai chat --once --quiet "summarize today\'s detections"')
    .example("With a limit", "limacharlie ai chat --model claude-sonnet-4-6 --max-budget-usd 0.50")
    .action((options, prompt) => run(options, prompt, deps));
}

export async function chat(
  options: ChatOptions,
  prompt: string | undefined,
  deps: Deps,
): Promise<void> {
  checkStreamFormat(deps.flags);
  const policy = readPolicy(options.onApproval, options.answer);
  const reconnectTimeout = readReconnectTimeout(options.reconnectTimeout);
  await endingInFinal(deps, null, async () => {
    const opening = options.once === true ? await wholePrompt(prompt, deps) : prompt;
    using recording = await openRecord(options.record, deps);
    const service = await deps.connect();
    await requireCredential(service);
    await service.userSessions.register();
    const session = await service.userSessions.create(requestOf(options));
    deps.setExitCode(
      await holdConversation(deps, service, {
        sessionId: session.id,
        interactive: true,
        verbose: options.verbose,
        plain: options.plain,
        policy,
        recording,
        reconnectTimeout,
        prompt: opening,
        once: options.once,
        budget: options.maxBudgetUsd,
      }),
    );
  });
}

/** @throws {CliError} when the caller has stored no Claude credential to bill the chat to */
async function requireCredential({ claudeAuth }: Service): Promise<void> {
  const status = await claudeAuth.status();
  if (status.has_credentials) return;
  throw new CliError("Cannot start a chat: no Claude credential is stored for you", {
    exitCode: ExitCode.Auth,
    hint: "Run limacharlie ai auth claude login, or limacharlie ai auth claude set-key",
  });
}

/** The fields that were given; an empty list is one that was given. */
function requestOf(options: ChatOptions): CreateSession {
  const request = {
    name: options.name,
    idempotent_key: options.idempotentKey,
    model: options.model,
    max_turns: options.maxTurns,
    max_budget_usd: options.maxBudgetUsd,
    task_budget_tokens: options.taskBudgetTokens,
    permission_mode: options.permissionMode,
    allowed_tools: splitList(options.allowedTools),
    denied_tools: splitList(options.deniedTools),
    plugins: options.plugin,
    one_shot: options.once,
  };
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
}
