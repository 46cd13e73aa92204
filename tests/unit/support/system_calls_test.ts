import { assertEquals, assertStringIncludes } from "@std/assert";
import { temporaryFolder } from "../../support/home.ts";
import { runProgram } from "../../support/program.ts";
import { testWith, tool } from "../../support/skip.ts";
import { readSystemCalls, traced } from "../../support/system_calls.ts";

const SCRIPT = `
cat /etc/passwd >/dev/null
mkdir made
echo text >made/file
mv made/file made/moved
chmod 600 made/moved
exec 3<>/dev/tcp/127.0.0.1/9
`;

testWith(
  [tool("strace"), tool("bash")],
  "readSystemCalls() sees what a program starts, changes and connects to",
  async () => {
    using folder = temporaryFolder();
    const log = folder.join("strace.log");
    await runProgram(["-c", SCRIPT], {
      command: traced(log, ["bash"]),
      cwd: folder.path,
      env: { PATH: "/usr/bin:/bin" },
    });
    const { started, changed, addresses } = readSystemCalls(await Deno.readTextFile(log));
    const programs = new Set(started.map((path) => path.replace(/^.*\//, "")));
    assertEquals([...programs].sort(), ["bash", "cat", "chmod", "mkdir", "mv"]);
    // Where bash finds a terminal is not the script's doing.
    assertEquals([...new Set(changed)].filter((path) => path !== "/dev/tty").sort(), [
      "/dev/null",
      "made",
      "made/file",
      "made/moved",
    ]);
    assertStringIncludes(addresses.join(), 'htons(9), sin_addr=inet_addr("127.0.0.1")');
  },
);
