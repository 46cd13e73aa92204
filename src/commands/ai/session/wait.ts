import { Command, EnumType } from "@cliffy/command";
import { requireSessionId } from "../../../api/session_id.ts";
import { SessionStream } from "../../../api/session_stream.ts";
import type { Session } from "../../../api/sessions.ts";
import type { Deps, Service } from "../../../app/deps.ts";
import { CliError } from "../../../app/errors.ts";
import { ExitCode } from "../../../app/exit_codes.ts";
import { type Condition, CONDITIONS, StateAwaiter } from "../../../chat/await_state.ts";
import { describeTransport } from "../../../chat/transport.ts";
import { requestId } from "../../../chat/turn.ts";
import { questionsOf } from "../../../protocol/content.ts";
import type { Frame } from "../../../protocol/frames.ts";
import { hasFailed, type SessionEnd, sessionEndOf } from "../../../protocol/session_end.ts";
import { duration } from "../../../render/human.ts";
import { parseDuration } from "../../duration.ts";
import { notice } from "../../notice.ts";
import { idOption } from "../id_option.ts";
import { readReconnectTimeout, RECONNECT_TIMEOUT } from "../reconnect_option.ts";

export interface WaitOptions {
  readonly id: string;
  readonly until: Condition;
  readonly timeout: string;
  readonly reconnectTimeout?: string | undefined;
}

export function waitCommand(deps: Deps, run = wait) {
  return new Command()
    .description(
      "Wait until the agent has nothing to do, asks a person, or the session has ended.\n\n" +
        "It only watches. What happened is printed, and the exit code is 0 when it is what was " +
        "waited for: idle (a session that ended well is idle, too), approval (a request or a " +
        "question waits for an answer) or ended (however it ended). It is 9 when the time is over, " +
        "7 when the session failed meanwhile, and 1 when it ended well without asking.",
    )
    .type("condition", new EnumType(CONDITIONS))
    .option(...idOption("Session to wait for"))
    .option("--until <what:condition>", "idle, ended or approval", { required: true })
    .option(
      "--timeout <time:string>",
      "Wait no longer than that, such as 90s; 10m unless given, 0 for no limit",
      {
        default: "10m",
      },
    )
    .option(...RECONNECT_TIMEOUT)
    .example("For its end", "limacharlie ai session wait --id 7c1f0a52 --until ended --timeout 1h")
    .example("For its turn's end", "limacharlie ai session wait --id 7c1f0a52 --until idle")
    .action((options) => run(options, deps));
}

/**
 * @throws {CliError} exit 9 when the time is over, exit 6 when the connection is lost for good, exit
 * 3 and 2 as every command that needs a session
 */
export async function wait(options: WaitOptions, deps: Deps): Promise<void> {
  const { clock, network, signal } = deps;
  const { until: condition } = options;
  const id = requireSessionId(options.id);
  const timeout = parseDuration("--timeout", options.timeout);
  const reconnectTimeout = readReconnectTimeout(options.reconnectTimeout);
  await (await deps.output()).check();
  const service = await deps.connect();
  const { session, family } = await find(id, service);
  if (session["status"] === "ended") {
    return await report({ end: endOf(session) }, id, condition, deps);
  }
  const stream = new SessionStream({
    sessionId: id,
    readOnly: family === service.orgSessions,
    aiUrl: service.aiUrl,
    token: service.token,
    userSessions: service.userSessions,
    orgSessions: service.orgSessions,
    network,
    clock,
    signal,
    reconnectTimeout,
  });
  const outcome = await new StateAwaiter({
    stream,
    clock,
    timeout: timeout === 0 ? undefined : timeout,
    hasPrompt: Boolean(session["initial_prompt"]),
    fetchHistory: async () => (await family.history(id, signal)).frames,
    onTransport(event) {
      const isBeginning = event.type === "attached" && !event.resumed;
      if (!isBeginning) notice(deps, describeTransport(event, id));
    },
  }).until(condition);
  switch (outcome.type) {
    case "holds":
      return await report({ requests: outcome.requests }, id, condition, deps);
    case "timed-out":
      throw new CliError(
        `Session "${id}" ${NOT_YET[condition]} within ${duration(timeout)}`,
        {
          exitCode: ExitCode.TimedOut,
          hint: outcome.activity === undefined ? undefined : `The agent: ${outcome.activity}`,
        },
      );
    case "over":
      if (outcome.end.type === "session-end") {
        return await report({ end: outcome.end.end }, id, condition, deps);
      }
      throw new CliError(
        `Cannot wait for session "${id}": ${
          outcome.end.type === "lost" ? outcome.end.cause : "detached"
        }`,
        { exitCode: ExitCode.ConnectionLost },
      );
  }
}

const NOT_YET: Readonly<Record<Condition, string>> = {
  idle: "was not idle",
  ended: "did not end",
  approval: "asked nobody",
};

/** Finds a session among the caller's own, else among the organization's. */
async function find(id: string, { userSessions, orgSessions }: Service) {
  const own = await userSessions.find(id);
  return own === undefined
    ? { session: await orgSessions.get(id), family: orgSessions }
    : { session: own, family: userSessions };
}

function endOf(session: Session): SessionEnd {
  return sessionEndOf({ reason: session["end_reason"], exit_code: session["exit_code"] });
}

/** Prints what happened, and says by the exit code whether it is what was waited for. */
async function report(
  what: { readonly requests: readonly Frame[] } | { readonly end: SessionEnd },
  id: string,
  condition: Condition,
  deps: Deps,
): Promise<void> {
  const output = await deps.output();
  if ("requests" in what) {
    const [request] = what.requests;
    return await output.value({
      session_id: id,
      event: condition,
      status: "running",
      ...(request === undefined
        ? {}
        : { request: describeRequest(request), requests: what.requests.length }),
    });
  }
  const { reason, exitCode } = what.end;
  await output.value({
    session_id: id,
    event: "ended",
    status: "ended",
    reason,
    ...(exitCode === undefined ? {} : { exit_code: exitCode }),
  });
  if (condition === "ended") return;
  if (hasFailed(what.end)) deps.setExitCode(ExitCode.SessionFailed);
  else if (condition === "approval") deps.setExitCode(ExitCode.Failure);
}

/** What a script needs to decide about a request. */
function describeRequest(request: Frame): Readonly<Record<string, unknown>> {
  const { type, payload } = request;
  return {
    type,
    id: requestId(request),
    ...(type === "ask_user_question"
      ? { questions: questionsOf(payload).map(({ question }) => question) }
      : { tool_name: payload["tool_name"], tool_input: payload["tool_input"] }),
  };
}
