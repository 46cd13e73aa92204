/** What the figures are taken on, a line each. */
export async function describeMachine(peer: readonly string[] | undefined): Promise<string[]> {
  const gigabytes = Math.round(Deno.systemMemoryInfo().total / 2 ** 30);
  return [
    `${await processor()}, ${navigator.hardwareConcurrency} processors, ${gigabytes} GiB; ` +
    `${Deno.build.target}, kernel ${Deno.osRelease()}`,
    `Deno ${Deno.version.deno}, V8 ${Deno.version.v8}`,
    ...(peer === undefined ? [] : [`Python CLI: ${await versionOf(peer)}`]),
  ];
}

async function processor(): Promise<string> {
  const text = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  return /^model name\s*: (.*)$/m.exec(text)?.[1] ?? Deno.build.arch;
}

async function versionOf([command = "", ...args]: readonly string[]): Promise<string> {
  const { stdout } = await new Deno.Command(command, { args: [...args, "--version"] }).output();
  return new TextDecoder().decode(stdout).trim();
}
