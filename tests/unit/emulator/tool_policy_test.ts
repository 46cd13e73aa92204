import { assertEquals } from "@std/assert";
import { readSettings } from "../../../src/emulator/session_settings.ts";
import { ToolPolicy, type Verdict } from "../../../src/emulator/tool_policy.ts";
import type { JsonObject } from "../../../src/protocol/frames.ts";

interface Lists {
  readonly allowed?: readonly string[];
  readonly denied?: readonly string[];
  readonly mode?: string;
}

function policy({ allowed = [], denied = [], mode = "acceptEdits" }: Lists): ToolPolicy {
  const body = { allowed_tools: allowed, denied_tools: denied, permission_mode: mode };
  return new ToolPolicy(readSettings(body, false));
}

function judge(lists: Lists, tool: string, input: JsonObject = {}): Verdict {
  return policy(lists).judge(tool, input);
}

function judgeCommand(lists: Lists, command: string): Verdict {
  return judge(lists, "Bash", { command });
}

Deno.test("ToolPolicy.judge allows what every stage of a command is allowed for", () => {
  const allowed = ["Bash(git:*)", "Bash(npm install:*)"];
  const commands: Readonly<Record<string, Verdict>> = {
    "git": "allow",
    "git status": "allow",
    "gitk": "ask",
    "npm install x": "allow",
    "npm run x": "ask",
    "git log | git shortlog && git status; git diff": "allow",
    "git status && rm -rf /": "ask",
    "git status\nrm -rf /": "ask",
    "git status & rm x": "ask",
    "git log > file": "allow",
    "git log 2>&1": "allow",
    "nohup timeout 30 DEBUG=1 git gc": "allow",
    "git log $(rm -rf /)": "ask",
    "git log `rm x`": "ask",
    "": "ask",
  };
  for (const [command, verdict] of Object.entries(commands)) {
    assertEquals(judgeCommand({ allowed }, command), verdict, command);
  }
});

Deno.test("ToolPolicy.judge denies what any stage of a command is denied for", () => {
  const lists = { allowed: ["Bash"], denied: ["Bash(rm:*)"], mode: "bypassPermissions" };
  const commands: Readonly<Record<string, Verdict>> = {
    "rm -rf /": "deny",
    "ls && rm -rf /": "deny",
    "timeout 30 rm x": "deny",
    "rmdir x": "allow",
    "ls": "allow",
    "cat $(rm file)": "allow",
  };
  for (const [command, verdict] of Object.entries(commands)) {
    assertEquals(judgeCommand(lists, command), verdict, command);
  }
});

Deno.test("ToolPolicy.judge takes bare names for every call, and servers for every tool of theirs", () => {
  assertEquals(judge({ allowed: ["Read"] }, "Read"), "allow");
  assertEquals(judge({ allowed: ["Read"] }, "read"), "ask");
  assertEquals(
    judge({ denied: ["Bash"], allowed: ["Bash(ls:*)"] }, "Bash", { command: "ls" }),
    "deny",
  );
  assertEquals(judge({ allowed: ["mcp__vt"] }, "mcp__vt__look_up"), "allow");
  assertEquals(judge({ allowed: ["mcp__vt"] }, "mcp__vtx__look_up"), "ask");
  const lists = { allowed: ["mcp__vt"], denied: ["mcp__vt__upload"] };
  assertEquals(judge(lists, "mcp__vt__upload"), "deny");
});

Deno.test("ToolPolicy.judge leaves the rest to the permission mode", () => {
  const verdicts = (tool: string) =>
    ["acceptEdits", "plan", "bypassPermissions"].map((mode) => judge({ mode }, tool));
  assertEquals(verdicts("Edit"), ["allow", "ask", "allow"]);
  assertEquals(verdicts("Read"), ["ask", "allow", "allow"]);
  assertEquals(verdicts("WebFetch"), ["ask", "ask", "allow"]);
});

Deno.test("ToolPolicy.grant allows calls like the one that was approved", () => {
  const session = policy({ denied: ["Bash(lc delete:*)"] });
  session.grant("Bash", { command: "nohup lc get a" });
  assertEquals(session.judge("Bash", { command: "lc get b" }), "allow");
  assertEquals(session.judge("Bash", { command: "lc delete b" }), "deny");
  assertEquals(session.judge("Bash", { command: "lx" }), "ask");
  session.grant("WebFetch", { url: "https://a.example" });
  assertEquals(session.judge("WebFetch", { url: "https://b.example" }), "allow");
  session.grant("Bash", { command: "jq x" }, "Bash(jq -r:*)");
  assertEquals(session.judge("Bash", { command: "jq x" }), "ask");
  assertEquals(session.judge("Bash", { command: "jq -r x" }), "allow");
});
