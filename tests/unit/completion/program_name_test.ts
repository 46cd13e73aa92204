import { assertEquals } from "@std/assert";
import { programName } from "../../../src/completion/program_name.ts";

const NAMES: [path: string, standalone: boolean, name: string][] = [
  ["/usr/local/bin/limacharlie", true, "limacharlie"],
  ["/home/x/bin/lc", true, "lc"],
  ["/home/x/bin/limacharlie-ai", true, "limacharlie-ai"],
  ["/tmp/limacharlie-0.1.0-x86_64-unknown-linux-gnu", true, "limacharlie"],
  ["C:\\bin\\lc.exe", true, "lc"],
  ["/home/x/my programs/it's", true, "limacharlie"],
  ["/usr/bin/deno", false, "limacharlie"],
];

for (const [path, standalone, name] of NAMES) {
  Deno.test(`programName() calls ${path} ${name}`, () => {
    assertEquals(programName(path, standalone), name);
  });
}
