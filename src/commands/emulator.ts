import { Command } from "@cliffy/command";
import type { Deps } from "../app/deps.ts";
import { describeFileFailure, usageError } from "../app/errors.ts";
import { startEmulator } from "../emulator/emulator.ts";
import { FAULT_SYNTAX, parseFault } from "../emulator/faults.ts";
import type { Scenario } from "../emulator/scenario.ts";
import { parseScenario } from "../emulator/scenario_file.ts";
import { DEFAULT_SCENARIO } from "../emulator/scenarios/investigation.ts";
import { sanitize } from "../render/safe_text.ts";
import { notice } from "./notice.ts";

export interface EmulatorCommandOptions {
  readonly port?: number;
  readonly scenario?: string;
  readonly fault?: readonly string[];
}

const LARGEST_PORT = 65_535;
/** Milliseconds between two steps of the agent, so that a person can watch it work. */
const NATURAL_PACE = 500;

export function emulatorCommand(deps: Deps, run = emulator) {
  return new Command()
    .description(
      "Serve an emulated LimaCharlie on this machine.\n\n" +
        "Tokens, organizations, AI sessions with a scripted agent: everything that this program " +
        "talks with, on a loopback address. Prints the environment that leads there, and runs " +
        "until it is interrupted.\n\n" +
        "A scenario (YAML or JSON) says what the agent does; what it leaves out is as built in: " +
        "start_delay_ms, pace_ms, usage, scripts. A script has a prompt (a regular expression), " +
        "owner (user or org), once, and steps. A step is one of say, tool, ask, system, wait_ms, " +
        "result, error, fail, end, frame. With grow_ms, say sends its text word by word, all of it " +
        "again each time.\n\n" +
        "Faults say what goes wrong:\n" + FAULT_SYNTAX.join("\n"),
    )
    .option("--port <port:integer>", "Port to listen on; any that is free unless given")
    .option("--scenario <file:string>", "File with what the agent does")
    .option("--fault <spec:string>", "What goes wrong; may be repeated", { collect: true })
    .example("Start it", "limacharlie emulator > emulator.env")
    .example("Then, in another terminal", ". ./emulator.env\nlimacharlie ai session list")
    .example(
      "An agent of your own",
      "echo 'scripts: [{ steps: [{ say: \"{{prompt}}, indeed\" }] }]' > echo.yaml\n" +
        "limacharlie emulator --scenario echo.yaml",
    )
    .example("Cut every connection short", "limacharlie emulator --fault drop:after=20")
    .example(
      "Limit the rate twice",
      "limacharlie emulator --fault status:path=/v1/org/sessions,code=429,times=2",
    )
    .action((options) => run(options, deps));
}

export async function emulator(
  { port = 0, scenario, fault = [] }: EmulatorCommandOptions,
  deps: Deps,
): Promise<void> {
  if (port < 0 || port > LARGEST_PORT) {
    throw usageError(`Port "${port}" is not from 0 to ${LARGEST_PORT}`);
  }
  await using server = await startEmulator({
    port,
    clock: deps.clock,
    scenario: await readScenario(scenario),
    faults: fault.map(parseFault),
  });
  for (const [name, value] of Object.entries(server.environment)) {
    deps.terminal.stdout.write(sanitize(`export ${name}='${value}'\n`));
  }
  notice(deps, `Serving on ${server.url} until interrupted`);
  const stopped = new Promise<void>((resolve) => {
    if (deps.signal.aborted) resolve();
    deps.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([stopped, deps.terminal.stdout.closed]);
}

async function readScenario(path: string | undefined): Promise<Scenario> {
  const base = { ...DEFAULT_SCENARIO, pace_ms: NATURAL_PACE };
  if (path === undefined) return base;
  let content: string;
  try {
    content = await Deno.readTextFile(path);
  } catch (error) {
    throw usageError(`Cannot read scenario "${path}": ${describeFileFailure(error)}`);
  }
  return parseScenario(content, path, base);
}
