import { Command } from "@cliffy/command";
import { requireSessionId } from "../../../api/session_id.ts";
import type { Deps } from "../../../app/deps.ts";
import { columnsOf } from "../../../term/columns_of.ts";
import { usesColor } from "../../../term/uses_color.ts";
import { toFrame } from "../../../protocol/frames.ts";
import { withoutEarlierStates } from "../../../protocol/growing_message.ts";
import { isNoise } from "../../../protocol/noise.ts";
import { renderFrame } from "../../../render/frames.ts";
import { toJson } from "../../../render/json.ts";
import { safeText } from "../../../render/safe_text.ts";
import { makeStyles } from "../../../render/styles.ts";
import { idOption } from "../id_option.ts";
import { type Family, withSession } from "./family.ts";

export interface HistoryOptions {
  readonly id: string;
  readonly raw?: true | undefined;
}

/** Makes the command that shows what was said in a session of a family. */
export function historyCommandOf(family: Family) {
  return (deps: Deps, run = showHistory) =>
    new Command()
      .description(
        `Show what was said in a session ${family.whose}.\n\n` +
          "On a terminal it looks as in ai session attach; elsewhere, or with -o, it is data. " +
          "What the service says of its own workings is left out unless --raw is given.",
      )
      .option(...idOption("Session to show"))
      .option("--raw", "Leave nothing out")
      .example("Read it", `limacharlie ${family.words} history --id 7c1f0a52`)
      .example(
        "What the agent did",
        `limacharlie ${family.words} history --id 7c1f0a52 \\\n` +
          "  --filter \"messages[?type=='tool_use'].payload\" -o json",
      )
      .action((options) => run(options, family, deps));
}

/** @throws {CliError} exit 3 where the family has no such session */
export async function showHistory(
  { id, raw }: HistoryOptions,
  family: Family,
  deps: Deps,
): Promise<void> {
  requireSessionId(id);
  const output = await deps.output();
  await output.check();
  const service = await deps.connect();
  const { answer } = await withSession(
    { family, verb: "history", id, service },
    (sessions) => sessions.history(id),
  );
  const all: unknown[] = Array.isArray(answer["messages"]) ? answer["messages"] : [];
  const messages = raw ? all : all.filter((message) => !isNoiseMessage(message));
  if (isForPeople(deps)) return await printMessages(messages, deps);
  await output.value({ ...answer, messages });
}

/** What is no frame at all is nothing that may be left out. */
function isNoiseMessage(message: unknown): boolean {
  const frame = toFrame(message);
  return frame !== undefined && isNoise(frame);
}

function isForPeople({ terminal, flags }: Deps): boolean {
  return terminal.stdout.isTerminal && !flags.quiet &&
    [flags.output, flags.filter, flags.fields, flags.sortBy].every((flag) => flag === undefined);
}

async function printMessages(messages: readonly unknown[], deps: Deps): Promise<void> {
  const { terminal, clock } = deps;
  const style = {
    styles: makeStyles(usesColor(deps)),
    verbose: false,
    columns: columnsOf(terminal, "stdout", clock),
  };
  for (const message of withoutEarlierStates(messages, toFrame)) {
    const frame = toFrame(message);
    const { stream, text } = frame === undefined
      ? { stream: "stdout" as const, text: safeText`${style.styles.dim(toJson(message))}\n` }
      : renderFrame(frame, style);
    terminal[stream].write(text);
    await terminal.stdout.ready();
  }
}
