import { assertEquals } from "@std/assert";
import { dirname } from "node:path";
import { installedCompletion } from "../../../../src/commands/doctor/completion.ts";
import { install } from "../../../../src/completion/install.ts";
import { placesOf } from "../../../../src/completion/places.ts";
import { type Shell, SHELLS } from "../../../../src/completion/shells.ts";
import { fakeEnvironment } from "../../../support/fakes.ts";
import { type TemporaryHome, temporaryHome } from "../../../support/home.ts";

/** Installs as the command does on a machine without the package bash-completion. */
async function installIn(home: TemporaryHome, shell: Shell, variables: Record<string, string>) {
  const env = fakeEnvironment({ ...home.env, ...variables });
  const places = placesOf(shell, { env, read: () => undefined });
  await install(places);
  return { env, places };
}

function moved(home: TemporaryHome): Record<string, string> {
  return {
    XDG_DATA_HOME: home.join("data"),
    XDG_CONFIG_HOME: home.join("config"),
    BASH_COMPLETION_USER_DIR: home.join("bash"),
    ZDOTDIR: home.join("zsh"),
  };
}

for (const shell of SHELLS) {
  Deno.test(`installedCompletion() finds what was installed for ${shell}`, async () => {
    for (const variables of [() => ({}), moved]) {
      using home = temporaryHome();
      const { env, places } = await installIn(home, shell, variables(home));
      const expected = places.script?.path ?? places.startup?.path;
      assertEquals(await installedCompletion(shell, env), expected);
    }
  });

  Deno.test(`installedCompletion() finds nothing in a new home, for ${shell}`, async () => {
    using home = temporaryHome();
    assertEquals(await installedCompletion(shell, fakeEnvironment(home.env)), undefined);
  });
}

Deno.test("installedCompletion() wants both, the script and the lines that load it", async () => {
  for (const lost of ["script", "startup"] as const) {
    using home = temporaryHome();
    const { env, places } = await installIn(home, "zsh", {});
    await Deno.remove(places[lost]?.path ?? "");
    assertEquals(await installedCompletion("zsh", env), undefined, lost);
  }
});

/** Shell, startup file of somebody's own, its text, and whether that completes. */
const BY_HAND: readonly (readonly [shell: Shell, file: string, text: string, found: boolean])[] = [
  ["bash", ".bashrc", "source <(limacharlie completions bash)\n", true],
  ["bash", ".bashrc", "alias lc=limacharlie\n", false],
  ["bash", ".zshrc", "source <(limacharlie completions bash)\n", false],
  ["zsh", ".zshrc", "source <(limacharlie completions zsh)\n", true],
  [
    "powershell",
    ".config/powershell/Microsoft.PowerShell_profile.ps1",
    "limacharlie completions powershell | Out-String | Invoke-Expression\n",
    true,
  ],
];

Deno.test("installedCompletion() finds a startup file that calls for it", async () => {
  for (const [shell, file, text, found] of BY_HAND) {
    using home = temporaryHome();
    const path = home.join(file);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, text);
    const place = await installedCompletion(shell, fakeEnvironment(home.env));
    assertEquals(place, found ? path : undefined, `${shell} ${file}`);
  }
});
