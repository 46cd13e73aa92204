import { Command, EnumType } from "@cliffy/command";
import { afterLostStart, type StartedSession } from "../../api/org_sessions.ts";
import { buildStartRequest, PERMISSION_MODES } from "../../api/session_template.ts";
import type { Deps, Service } from "../../app/deps.ts";
import { CliError, messageOf } from "../../app/errors.ts";
import { ExitCode } from "../../app/exit_codes.ts";
import { checkStreamFormat } from "../../chat/stream_format.ts";
import type { JsonObject } from "../../protocol/frames.ts";
import { didYouMean, nearNames } from "../../render/near_names.ts";
import { notice } from "../notice.ts";
import { maskRequest, maskValues, warnOfLiterals } from "./start_secrets.ts";
import {
  eventYamlOf,
  overridesOf,
  type StartSessionOptions,
  templateNameOf,
} from "./start_values.ts";

/** The hive that holds the templates. */
const HIVE = "ai_agent";

export function startSessionCommand(deps: Deps, run = startSession) {
  return new Command()
    .description(
      "Start a session of the organization from a template.\n\n" +
        "The template is a record of the hive ai_agent. A flag replaces the template's value for " +
        'this one session, and "" empties a list; --env is merged with the template\'s ' +
        "environment. Values may be hive://secret/NAME. Without --idempotent-key a new key is made " +
        "up and sent, so that trying again after a lost answer starts no second session.",
    )
    .type("mode", new EnumType(PERMISSION_MODES))
    .option("--definition <record:string>", "Template: NAME or hive://ai_agent/NAME", {
      required: true,
    })
    .option("--prompt <text:string>", "What the agent is to do")
    .option("--name <name:string>", "Name of the session")
    .option("--idempotent-key <key:string>", "A second start with it makes no second session")
    .option("--data <json:string>", "JSON object that follows the prompt as event data")
    .option("--model <model:string>", "Model, such as claude-sonnet-4-6")
    .option("--max-turns <n:integer>", "End after this many turns of the agent")
    .option("--max-budget-usd <usd:number>", "End at this cost, in US dollars")
    .option("--task-budget-tokens <n:integer>", "Tokens that a task may take")
    .option("--ttl-seconds <n:integer>", "End after this many seconds")
    .option("--one-shot", "End when the prompt is dealt with")
    .option("--no-one-shot", "Go on when the prompt is dealt with")
    .option("--permission-mode <mode:mode>", PERMISSION_MODES.join(", "))
    .option("--allowed-tools <names:string>", "Tools that need no approval, comma-separated")
    .option("--denied-tools <names:string>", "Tools that may not be used, comma-separated")
    .option("--plugin <name:string>", "Plugin to enable; may be repeated", { collect: true })
    .option("--env <pair:string>", "Environment variable KEY=VALUE; may be repeated", {
      collect: true,
    })
    .option("--anthropic-key <key:string>", "Anthropic API key, or hive://secret/NAME")
    .option("--lc-api-key <key:string>", "LimaCharlie API key for the agent, if not your own")
    .option("--lc-uid <uid:string>", "User that the LimaCharlie API key belongs to")
    .option("--provider <name:string>", "Provider of the model, such as openai")
    .option("--credential <pair:string>", "KEY=VALUE for the provider; may be repeated", {
      collect: true,
    })
    .option("--attach", "Then watch the session live")
    .example("As it is", "limacharlie ai start-session --definition triage-bot")
    .example(
      "With a limit and a secret",
      "limacharlie ai start-session --definition triage-bot --max-budget-usd 2.50 \\\n" +
        "  --env SLACK_WEBHOOK=hive://secret/slack-webhook",
    )
    .example("And watch", "limacharlie ai start-session --definition triage-bot --attach")
    .action((options) => run(options, deps));
}

/** @throws {CliError} exit 4 on bad input, exit 3 on an unknown template or secret */
export async function startSession(options: StartSessionOptions, deps: Deps): Promise<void> {
  const templateName = templateNameOf(options.definition);
  maskValues(options, deps.secrets);
  const overrides = overridesOf(options);
  const eventYaml = eventYamlOf(options.data);
  if (options.attach) checkStreamFormat(deps.flags);
  await (await deps.output()).check();
  warnOfLiterals(overrides, deps);

  const service = await deps.connect();
  const idempotentKey = options.idempotentKey ?? `cli-${crypto.randomUUID()}`;
  const body = await buildStartRequest(await getTemplate(templateName, service), overrides, {
    idempotentKey,
    eventYaml,
    ownApiKey: service.credentials.apiKey,
    resolve: (reference) => service.hive.resolve(reference),
  });
  maskRequest(body, deps.secrets);
  const started = await start(body, idempotentKey, service, deps);
  if (!options.attach) return await printStarted(started, deps);
  notice(deps, `Started session ${started.session_id}`);
  const { holdConversation } = await import("../../chat/hold_conversation.ts");
  deps.setExitCode(
    await holdConversation(deps, service, {
      sessionId: started.session_id,
      readOnly: true,
      interactive: false,
      showHistory: true,
      raw: false,
      verbose: false,
    }),
  );
}

/** @throws {CliError} exit 3 where there is none of that name, with the names that come close */
async function getTemplate(name: string, { hive }: Service): Promise<JsonObject> {
  try {
    return (await hive.get(HIVE, name)).data;
  } catch (error) {
    if (!(error instanceof CliError) || error.exitCode !== ExitCode.NotFound) throw error;
    // Who may not list them still learns that there is none of that name.
    const names = await hive.names(HIVE).catch(() => []);
    throw new CliError(error.message, {
      exitCode: ExitCode.NotFound,
      hint: didYouMean(nearNames(name, names)),
      cause: error,
    });
  }
}

async function start(
  body: JsonObject,
  idempotentKey: string,
  { orgSessions }: Service,
  { signal }: Deps,
): Promise<StartedSession> {
  try {
    return await orgSessions.startFromTemplate(body);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new CliError(`${messageOf(error)} while the session was being started`, {
      exitCode: ExitCode.Interrupted,
      hint: afterLostStart(idempotentKey),
      cause: error,
    });
  }
}

async function printStarted(started: StartedSession, deps: Deps): Promise<void> {
  try {
    await (await deps.output()).value(started, { kinds: { created_at: "time" } });
  } catch (error) {
    // That it cannot be printed as asked must not hide that it was done.
    throw new CliError(`Session "${started.session_id}" has started. ${messageOf(error)}`, {
      exitCode: error instanceof CliError ? error.exitCode : ExitCode.Failure,
      hint: error instanceof CliError ? error.hint : undefined,
      cause: error,
    });
  }
}
