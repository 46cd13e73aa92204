/** Why no program can be run in a terminal here; undefined where one can. */
export function terminalNeed(): string | undefined {
  try {
    const { stdout } = new Deno.Command("script", { args: ["--version"] }).outputSync();
    if (new TextDecoder().decode(stdout).includes("util-linux")) return undefined;
  } catch {
    // It is not installed.
  }
  return "needs script of util-linux";
}

/** The command that runs a command in a terminal of 80 × 24, of which stdin and stdout are the wires. */
export function inTerminal(command: readonly string[]): string[] {
  const words = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  return ["script", "-qefc", `stty cols 80 rows 24; exec ${words}`, "/dev/null"];
}
