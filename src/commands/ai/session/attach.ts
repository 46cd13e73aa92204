import { Command } from "@cliffy/command";
import type { Deps } from "../../../app/deps.ts";
import { usageError } from "../../../app/errors.ts";
import { holdConversation } from "../../../chat/hold_conversation.ts";
import { endingInFinal } from "../../../chat/ending_in_final.ts";
import { readPolicy } from "../../../chat/policy.ts";
import { checkStreamFormat } from "../../../chat/stream_format.ts";
import { idOption } from "../id_option.ts";
import { ANSWER, ON_APPROVAL } from "../policy_options.ts";
import { readReconnectTimeout, RECONNECT_TIMEOUT } from "../reconnect_option.ts";
import { openRecord, RECORD } from "../record_option.ts";
import { requireSessionId } from "../../../api/session_id.ts";

export interface AttachOptions {
  readonly id: string;
  readonly readOnly?: true | undefined;
  readonly interactive?: true | undefined;
  readonly history: boolean;
  readonly raw?: true | undefined;
  readonly verbose?: true | undefined;
  readonly plain?: true | undefined;
  readonly onApproval?: string | undefined;
  readonly answer?: string[] | undefined;
  readonly record?: string | undefined;
  readonly reconnectTimeout?: string | undefined;
}

export function attachCommand(deps: Deps, run = attach) {
  return new Command()
    .description(
      "Watch a session live, or talk with it.\n\n" +
        "A session of your own (ai chat) can be talked with; one of the organization " +
        "(ai start-session, rules) can only be watched. Which it is, is found out.",
    )
    .option(...idOption("Session to attach to"))
    .option("--read-only", "Watch by the organization's endpoint; nothing can be sent")
    .option("-i, --interactive", "Send what is typed, and answer what the agent asks")
    .option("--no-history", "Leave out what was said before")
    .option("--raw", "Print each frame as one line of JSON")
    .option("-v, --verbose", "Show every frame, with whole time stamps")
    .option("--plain", "Append plain lines: no input line, no Markdown, nothing folded")
    .option(...ON_APPROVAL)
    .option(...ANSWER)
    .option(...RECORD)
    .option(...RECONNECT_TIMEOUT)
    .example("Watch", "limacharlie ai session attach --id 7c1f0a52")
    .example("Talk", "limacharlie ai session attach --id 7c1f0a52 --interactive")
    .example("Keep a record", "limacharlie ai session attach --id 7c1f0a52 --record incident.jsonl")
    .example("Tool calls only", "limacharlie ai session attach --id 7c1f0a52 --raw | jq .payload")
    .action((options) => run(options, deps));
}

export async function attach(options: AttachOptions, deps: Deps): Promise<void> {
  const sessionId = requireSessionId(options.id);
  checkStreamFormat(deps.flags);
  const policy = readPolicy(options.onApproval, options.answer);
  const decides = options.onApproval !== undefined || (options.answer ?? []).length > 0;
  if (decides && (options.interactive !== true || options.readOnly === true)) {
    throw usageError(
      "--on-approval and --answer decide nothing in a session that is only watched",
      "Add --interactive, and leave --read-only out",
    );
  }
  const reconnectTimeout = readReconnectTimeout(options.reconnectTimeout);
  await endingInFinal(deps, sessionId, async () => {
    using recording = await openRecord(options.record, deps);
    const service = await deps.connect();
    deps.setExitCode(
      await holdConversation(deps, service, {
        sessionId,
        readOnly: options.readOnly,
        interactive: options.interactive,
        showHistory: options.history,
        raw: options.raw,
        verbose: options.verbose,
        plain: options.plain,
        policy,
        recording,
        reconnectTimeout,
      }),
    );
  });
}
