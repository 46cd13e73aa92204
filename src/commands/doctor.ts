import { Command } from "@cliffy/command";
import type { Deps } from "../app/deps.ts";
import { ExitCode } from "../app/exit_codes.ts";
import { examine } from "./doctor/examine.ts";
import type { Finding } from "./doctor/finding.ts";
import { FindingPrinter } from "./doctor/finding_printer.ts";

export interface DoctorOptions {
  readonly json?: true | undefined;
}

export function doctorCommand(deps: Deps, run = doctor) {
  return new Command()
    .description(
      "Check everything between this terminal and a session.\n\n" +
        "Configuration, proxy, names, certificates, clock, token, both families of sessions by " +
        "REST and by WebSocket, terminal, completion: each line is ok, a warning, a failure, or " +
        "skipped because of one before it. No line shows a secret. The exit code is 0 when " +
        "nothing failed.",
    )
    .option("--json", "Print one JSON object, as -o json does")
    .example("What is wrong here?", "limacharlie doctor")
    .example(
      "The failures only",
      "limacharlie doctor --json | jq '.checks[] | select(.status == \"failure\")'",
    )
    .action((options) => run(options, deps));
}

/** @throws {CliError} exit 4 on a filter that doesn't fit the output */
export async function doctor({ json }: DoctorOptions, deps: Deps): Promise<void> {
  const { output: format } = deps.flags;
  const isForPeople = !json && (format === undefined || format === "table");
  const printer = new FindingPrinter(deps);
  const findings: Finding[] = [];
  for await (const finding of examine(deps)) {
    const safe = withoutSecrets(finding, deps);
    findings.push(safe);
    if (isForPeople) printer.print(safe);
  }
  const isOk = findings.every(({ status }) => status !== "failure");
  if (isForPeople) printer.printTotals(findings);
  else {
    const output = await { ...deps, flags: { ...deps.flags, output: format ?? "json" } }.output();
    await output.value({ ok: isOk, version: deps.version, checks: findings });
  }
  if (!isOk) deps.setExitCode(ExitCode.Failure);
}

/** Masks by value what must not be in a ticket, wherever it came from. */
function withoutSecrets({ check, status, detail, remedy }: Finding, { secrets }: Deps): Finding {
  return {
    check: secrets.mask(check),
    status,
    detail: secrets.mask(detail),
    ...(remedy === undefined ? {} : { remedy: secrets.mask(remedy) }),
  };
}
