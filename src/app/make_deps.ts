import type { Deps, GlobalFlags, Process } from "./deps.ts";
import type { ExitCode } from "./exit_codes.ts";

/**
 * Makes what a command gets. The service and the output are loaded when a command asks for them, and
 * read the object that they are asked of, so that a copy with another environment has its own.
 */
export function makeDeps(
  process: Process,
  flags: GlobalFlags,
  setExitCode: (code: ExitCode) => void,
): Deps {
  return {
    ...process,
    flags,
    network: process.openNetwork(flags),
    setExitCode,
    async connect() {
      const { connect } = await import("./service.ts");
      return await connect(this);
    },
    async openAccount(given) {
      const { openAccount } = await import("./service.ts");
      return await openAccount(this, given);
    },
    async output() {
      const { createOutput } = await import("./output.ts");
      return createOutput(this);
    },
  };
}
