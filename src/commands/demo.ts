import { Command } from "@cliffy/command";
import type { Deps } from "../app/deps.ts";
import type { AnswerDesk } from "../chat/asker.ts";
import type { Conversation } from "../chat/conversation.ts";
import { type ConversationFlags, holdConversation } from "../chat/hold_conversation.ts";
import type { Input } from "../chat/input.ts";
import { printRows } from "../chat/reading.ts";
import type { View } from "../chat/view.ts";
import { startEmulator } from "../emulator/emulator.ts";
import { DEFAULT_SCENARIO } from "../emulator/scenarios/investigation.ts";
import { type SafeText, safeText, sanitize } from "../render/safe_text.ts";
import { inHangingRows } from "../render/break_lines.ts";

const PROMPT = "A PowerShell alert fired on WS-ACCT-22. What happened there?";
/** Between two steps of the agent, where somebody watches it work. */
const NATURAL_PACE_MILLISECONDS = 700;
/** What the scripted person answers: to the approval, then to the question. */
const ANSWERS = ["y", "1"];

export function demoCommand(deps: Deps, run = demo) {
  return new Command()
    .description(
      "Try the main job with nothing to set up.\n\n" +
        "Starts the embedded server in this process and opens a chat on it. On a terminal you " +
        "talk with the scripted agent; elsewhere a whole conversation plays to its end. Nothing " +
        "is read from your configuration, written to disk, or sent anywhere.",
    )
    .example("Talk with it", "limacharlie demo")
    .example("Watch it play", "limacharlie demo | cat")
    .action(() => run(deps));
}

export async function demo(deps: Deps): Promise<void> {
  const { terminal } = deps;
  const talks = terminal.stdin.isTerminal && terminal.stdout.isTerminal;
  await using emulator = await startEmulator({
    clock: deps.clock,
    scenario: { ...DEFAULT_SCENARIO, pace_ms: talks ? NATURAL_PACE_MILLISECONDS : 0 },
  });
  const say = (text: SafeText) =>
    terminal.stderr.write(inHangingRows(text, talks ? terminal.size().columns : Infinity));
  say(safeText`A scripted agent on an embedded server at ${sanitize(emulator.url)}.`);
  const demoDeps = { ...deps, env: overlay(emulator.environment, deps.env) };
  const service = await demoDeps.connect();
  await service.claudeAuth.setKey("sk-ant-demo-key");
  await service.userSessions.register();
  const session = await service.userSessions.create({ name: "demo" });
  const flags: ConversationFlags = {
    sessionId: session.id,
    interactive: true,
    transient: true,
  };
  if (talks) {
    say(safeText`Ask it something, such as: ${sanitize(PROMPT)}`);
    say(safeText`/help shows the commands, Ctrl-D leaves.`);
    deps.setExitCode(await holdConversation(demoDeps, service, flags));
  } else {
    const scripted = { ...flags, prompt: PROMPT };
    const input = (view: View) => new ScriptedPerson(view, ANSWERS);
    deps.setExitCode(await holdConversation(demoDeps, service, scripted, input));
  }
}

/** The embedded server's environment, and of the user's own nothing that is this program's. */
function overlay(
  environment: Readonly<Record<string, string>>,
  env: Deps["env"],
): Deps["env"] {
  const values: Record<string, string> = { ...environment, LC_EPHEMERAL_CREDS: "1" };
  return { get: (name) => values[name] ?? (name.startsWith("LC_") ? undefined : env.get(name)) };
}

/** Answers what is asked from a list, and has nothing else to say. */
class ScriptedPerson implements Input {
  readonly #view: View;
  readonly #answers: string[];

  constructor(view: View, answers: readonly string[]) {
    this.#view = view;
    this.#answers = [...answers];
  }

  run(conversation: Conversation): Promise<void> {
    conversation.endInput();
    return Promise.resolve();
  }

  interrupted(conversation: Conversation): void {
    conversation.detach();
  }

  readonly desk: AnswerDesk = {
    isPerson: false,
    showsRequests: true,
    show: (reading) => {
      printRows(this.#view, reading(80));
      return Promise.resolve(true);
    },
    ask: ({ message }) => {
      const answer = this.#answers.shift();
      this.#view.note(safeText`${message} ${sanitize(answer ?? "")}\n`);
      return Promise.resolve(answer);
    },
    edit: () => Promise.resolve(undefined),
  };
}
