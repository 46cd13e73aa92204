import { assertEquals } from "@std/assert";
import { dirname } from "node:path";
import { installedCompletion, shellOf } from "../../../../src/commands/doctor/completion.ts";
import { fakeEnvironment } from "../../../support/fakes.ts";
import { temporaryHome } from "../../../support/home.ts";

Deno.test("shellOf() knows the shells that can be completed in", () => {
  const shells = ["/bin/bash", "/usr/bin/zsh", "fish", "/usr/bin/pwsh", "/bin/dash", "constructor"];
  assertEquals(shells.map((SHELL) => shellOf(fakeEnvironment({ SHELL }))), [
    "bash",
    "zsh",
    "fish",
    "powershell",
    undefined,
    undefined,
  ]);
  assertEquals(shellOf(fakeEnvironment()), undefined);
});

/** Shell, file below the home folder, its text, and whether that is an installed completion. */
const CASES: readonly (readonly [shell: string, file: string, text: string, found: boolean])[] = [
  ["bash", ".local/share/bash-completion/completions/limacharlie", "", true],
  ["bash", ".bashrc", "source <(limacharlie completions bash)\n", true],
  ["bash", ".bashrc", "alias lc=limacharlie\n", false],
  ["bash", ".zshrc", "source <(limacharlie completions zsh)\n", false],
  ["zsh", ".local/share/zsh/site-functions/_limacharlie", "#compdef limacharlie\n", true],
  ["zsh", ".zshrc", "source <(limacharlie completions zsh)\n", true],
  ["fish", ".config/fish/completions/limacharlie.fish", "", true],
  ["powershell", ".config/powershell/profile.ps1", "limacharlie completions powershell\n", true],
];

Deno.test("installedCompletion() finds the file that a shell loads", async () => {
  for (const [shell, file, text, found] of CASES) {
    using home = temporaryHome();
    const path = home.join(file);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, text);
    const place = await installedCompletion(shell, fakeEnvironment(home.env));
    assertEquals(place, found ? path : undefined, `${shell} ${file}`);
  }
});

Deno.test("installedCompletion() follows the variables that move those files", async () => {
  using home = temporaryHome();
  const path = home.join("data", "bash-completion", "completions", "limacharlie");
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(path, "");
  const env = fakeEnvironment({ ...home.env, XDG_DATA_HOME: home.join("data") });
  assertEquals(await installedCompletion("bash", env), path);
});
