import { assertEquals, assertThrows } from "@std/assert";
import { CliError } from "../../../src/app/errors.ts";
import { placesOf, shellIn } from "../../../src/completion/places.ts";
import type { Shell } from "../../../src/completion/shells.ts";
import { fakeEnvironment } from "../../support/fakes.ts";
import { temporaryFolder } from "../../support/home.ts";
import { runProgram } from "../../support/program.ts";
import { testWith, tool, which } from "../../support/skip.ts";

const CASES: [Shell, typeof Deno.build.os, Record<string, string>, (string | undefined)[]][] = [
  ["bash", "linux", {}, ["/h/.local/share/bash-completion/completions/limacharlie", "/h/.bashrc"]],
  ["bash", "linux", { XDG_DATA_HOME: "/d" }, [
    "/d/bash-completion/completions/limacharlie",
    "/h/.bashrc",
  ]],
  ["bash", "darwin", { BASH_COMPLETION_USER_DIR: "/b:/c" }, [
    "/b/completions/limacharlie",
    "/h/.bash_profile",
  ]],
  ["zsh", "linux", {}, ["/h/.zfunc/_limacharlie", "/h/.zshrc"]],
  ["zsh", "linux", { ZDOTDIR: "/z" }, ["/z/.zfunc/_limacharlie", "/z/.zshrc"]],
  ["fish", "linux", {}, ["/h/.config/fish/completions/limacharlie.fish", undefined]],
  ["fish", "linux", { XDG_CONFIG_HOME: "/c" }, ["/c/fish/completions/limacharlie.fish", undefined]],
  ["powershell", "linux", {}, [
    undefined,
    "/h/.config/powershell/Microsoft.PowerShell_profile.ps1",
  ]],
  ["powershell", "windows", {}, [
    undefined,
    "C:\\u\\Documents\\PowerShell\\Microsoft.PowerShell_profile.ps1",
  ]],
];

for (const [shell, os, variables, paths] of CASES) {
  Deno.test(`placesOf() finds where ${shell} looks on ${os} with ${Object.keys(variables)}`, () => {
    const env = fakeEnvironment({ HOME: "/h", USERPROFILE: "C:\\u", ...variables });
    const { script, startup } = placesOf(shell, { env, os, read: () => undefined });
    assertEquals([script?.path, startup?.path], paths);
  });
}

const LOGIN_FILES: [files: string[], startup: string][] = [
  [[], "/h/.bash_profile"],
  [["/h/.profile", "/h/.bashrc"], "/h/.profile"],
  [["/h/.profile", "/h/.bash_login"], "/h/.bash_login"],
  [["/h/.profile", "/h/.bash_profile"], "/h/.bash_profile"],
];

for (const [files, path] of LOGIN_FILES) {
  Deno.test(`placesOf() takes the file that bash reads on macOS where there is ${files.join(" and ")}`, () => {
    const options = { env: fakeEnvironment({ HOME: "/h" }), os: "darwin" } as const;
    const read = (each: string) => files.includes(each) ? "" : undefined;
    assertEquals(placesOf("bash", { ...options, read }).startup?.path, path);
  });
}

testWith(
  [tool("dash"), tool("bash")],
  "placesOf() gives lines that other shells pass by",
  async () => {
    using folder = temporaryFolder();
    const { lines = "" } = placesOf("bash", {
      env: fakeEnvironment({ HOME: folder.path, BASH_COMPLETION_USER_DIR: folder.path }),
      read: () => undefined,
    }).startup ?? {};
    await Deno.mkdir(folder.join("completions"));
    await Deno.writeTextFile(folder.join("completions", "limacharlie"), "echo loaded\n");
    for (const [shell, stdout] of [["dash", ""], ["bash", "loaded\n"]] as const) {
      const command = [which(shell) ?? "", "-c"];
      const result = await runProgram([`set -u; ${lines}:`], { command });
      assertEquals(result, { code: 0, stdout, stderr: "" });
    }
  },
);

const PACKAGE = "/usr/share/bash-completion/bash_completion";

const STARTUP_FILES: [says: string, files: Record<string, string>, needed: boolean][] = [
  ["there is no such package", { "/h/.bashrc": `. ${PACKAGE}\n` }, true],
  ["nothing loads the package", { [PACKAGE]: "" }, true],
  ["a comment alone names it", { [PACKAGE]: "", "/etc/bash.bashrc": `#  . ${PACKAGE}\n` }, true],
  ["the person's file loads it", { [PACKAGE]: "", "/h/.bashrc": `x\n  . ${PACKAGE}\n` }, false],
  ["the system's file loads it", { [PACKAGE]: "", "/etc/bash.bashrc": `. ${PACKAGE}` }, false],
  ["the system's file loads a folder without it", {
    [PACKAGE]: "",
    "/etc/bashrc": "for i in /etc/profile.d/*.sh; do",
  }, true],
  ["the system's file loads a folder with it", {
    [PACKAGE]: "",
    "/etc/bashrc": "for i in /etc/profile.d/*.sh; do",
    "/etc/profile.d/bash_completion.sh": "",
  }, false],
];

for (const [says, files, needed] of STARTUP_FILES) {
  Deno.test(`placesOf() knows whether bash's own file is to be changed where ${says}`, () => {
    const options = { env: fakeEnvironment({ HOME: "/h" }), os: "linux" } as const;
    const { startup } = placesOf("bash", { ...options, read: (path) => files[path] });
    assertEquals(startup?.needed, needed);
  });
}

Deno.test("placesOf() refuses to guess a home folder", () => {
  const options = { env: fakeEnvironment(), os: "linux", read: () => undefined } as const;
  const error = assertThrows(() => placesOf("fish", options), CliError, "HOME is not set");
  assertEquals(error.exitCode, 4);
});

Deno.test("shellIn() takes the shell that SHELL names", () => {
  const shell = (path: string) => shellIn(fakeEnvironment({ SHELL: path }), "linux");
  assertEquals(["/bin/bash", "/opt/zsh", "fish", "/usr/bin/pwsh"].map(shell), [
    "bash",
    "zsh",
    "fish",
    "powershell",
  ]);
  assertEquals(shellIn(fakeEnvironment(), "windows"), "powershell");
  assertThrows(() => shell("/bin/dash"), CliError, 'No completion for shell "dash"');
  assertThrows(() => shellIn(fakeEnvironment(), "linux"), CliError, "SHELL is not set");
});
