import type { Emulator } from "../../src/emulator/emulator.ts";
import type { Scenario, Step } from "../../src/emulator/scenario.ts";
import { programCommand } from "./executable.ts";
import { openScreen, type Screen } from "./tmux.ts";

/** An agent that answers every prompt with these steps. */
export function agent(steps: readonly Step[], pace = 0): Scenario {
  return {
    start_delay_ms: 0,
    pace_ms: pace,
    usage: { input_tokens: 100, output_tokens: 20, cost_usd: 0.01 },
    scripts: [{ steps }],
  };
}

/** An agent that says what it was told. */
export const ECHO = agent([{ say: "You said: {{prompt}}" }, { result: { summary: "answered" } }]);

/** A call that is asked for. */
export const COMMAND: Step = {
  tool: "Bash",
  input: { command: "rm -rf /tmp/evidence", description: "Tidy up" },
  result: "removed",
  approval: "always",
  denied: [{ say: "Not done: {{denial}}" }],
};

/** Opens a chat. */
export function chat(emulator: Emulator, options: Partial<Parameters<typeof openScreen>[0]> = {}) {
  return openScreen({
    command: [...programCommand(), "ai", "chat"],
    ...options,
    env: { ...emulator.environment, ...options.env },
  });
}

/** Waits until the input line is there. */
export async function ready(screen: Screen) {
  await screen.waitFor(/^>/m);
}

/** Waits until a question takes answers: it is then that its countdown begins to run. */
export async function answerable(screen: Screen, question: string) {
  const shown = await screen.waitFor(new RegExp(`${question}[\\s\\S]*left$`));
  const before = /(\S+ \S+) left$/.exec(shown)?.[1] ?? "";
  await screen.waitFor(new RegExp(`${question}[\\s\\S]*(?<!${before}) left$`));
}

/** The messages that the only session was sent. */
export function receivedTexts(emulator: Emulator): string[] {
  const upgrade = emulator.requests.find(({ path }) => path.startsWith("/v1/ws/"));
  return emulator.receivedFrames(upgrade?.path.split("/").at(-1) ?? "")
    .map(({ data }) => String(data));
}

/** The payloads of those of one type. */
export function received(emulator: Emulator, type: string) {
  return receivedTexts(emulator)
    .map((text) => JSON.parse(text))
    .filter((message) => message.type === type)
    .map(({ payload }) => payload);
}
