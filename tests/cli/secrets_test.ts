import { assert, assertEquals } from "@std/assert";
import { type CommandNode, COMMANDS } from "../../src/app/command_tree.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import { runCommand } from "../support/command.ts";
import { runProgram } from "../support/program.ts";
import { startServer } from "../support/server.ts";

const KEY_IN_ENVIRONMENT = "5b0c6f0e-3d3e-4a53-9f7e-6f3f0f4b9a11";
const PLANTED = {
  environmentValue: "env-value-7f3kQ9xLmZ2wVr",
  anthropicKey: "sk-ant-api03-Xq8LwPz5RtY2uHn6",
  credential: "cred/9sKd+Lm4==Vb7Nx2Qr5Ty8",
  apiKeyFlag: "c0ffee11-2222-4333-8444-feedfacebeef",
  hiveSecret: "hive-secret-Zp4Rt7Yw1Qx9Lk",
  claudeCode: "code-4Hj8Kd2Ls9Pq5Wv7",
  pipedKey: "sk-ant-api03-Piped7Hd3Ks9Lm2",
};

/** Every command that asks a service for something or is given a secret, at full debug. */
const LINES: readonly { args: string[]; stdin?: string }[] = [
  { args: ["ai", "chat", "--once", "hello"] },
  {
    args: [
      ...["ai", "start-session", "--definition", "canary"],
      ...["--env", `TOKEN=${PLANTED.environmentValue}`, "--env", "S=hive://secret/planted"],
      ...["--anthropic-key", PLANTED.anthropicKey, "--lc-api-key", PLANTED.apiKeyFlag],
      ...["--credential", `api_key=${PLANTED.credential}`, "--provider", "anthropic"],
    ],
  },
  { args: ["ai", "session", "list"] },
  { args: ["ai", "session", "get", "--id", "canary-org"] },
  { args: ["ai", "session", "history", "--id", "canary-org"] },
  { args: ["ai", "session", "wait", "--id", "canary-org", "--until", "ended"] },
  { args: ["ai", "session", "attach", "--id", "canary-org"] },
  { args: ["ai", "session", "terminate", "--id", "canary-org"] },
  { args: ["ai", "chats", "list"] },
  { args: ["ai", "chats", "get", "--id", "canary-own"] },
  { args: ["ai", "chats", "history", "--id", "canary-own"] },
  { args: ["ai", "chats", "terminate", "--id", "canary-own"] },
  { args: ["ai", "usage", "list"] },
  { args: ["ai", "usage", "get", "--identity", "night shift/tier 1"] },
  { args: ["ai", "auth", "claude", "status"] },
  { args: ["ai", "auth", "claude", "login"], stdin: `${PLANTED.claudeCode}\n` },
  { args: ["ai", "auth", "claude", "set-key", "--key", PLANTED.anthropicKey] },
  { args: ["ai", "auth", "claude", "set-key", "--key-from-stdin"], stdin: `${PLANTED.pipedKey}\n` },
  { args: ["ai", "auth", "claude", "logout"] },
  { args: ["auth", "login", "--api-key", PLANTED.apiKeyFlag, "--oid", "o-1"] },
  {
    args: ["auth", "login", "--api-key-from-stdin", "--oid", "o-1"],
    stdin: `${PLANTED.apiKeyFlag}\n`,
  },
  { args: ["auth", "whoami", "--show-perms"] },
  { args: ["auth", "list-envs"] },
  { args: ["auth", "use-env", "none"] },
  { args: ["auth", "use-org", "o-1"] },
  { args: ["auth", "logout"] },
  { args: ["doctor"] },
];

const STREAMS = /^ai (chat|session (attach|wait)) /;

/** Commands that are no business of this test's, and why. */
const EXEMPT = new Map([
  ["auth get-token", "prints a token, which is what it is for"],
  ["demo", "signs in to its own server with its own key"],
  ["emulator", "prints the key that it lets in"],
  ["version", "asks for nothing"],
  ["upgrade", "asks for nothing"],
  ["help", "asks for nothing"],
  ["ai replay", "asks for nothing"],
]);

function leaves({ children = [], name }: CommandNode, path: string[] = []): string[] {
  const here = path.length === 0 && name === "limacharlie" ? [] : [...path, name];
  return children.length === 0
    ? [here.join(" ")]
    : children.flatMap((child) => leaves(child, here));
}

/** Pieces of a secret by which it could be put together again, in each form that it may take. */
function piecesOf(secret: string): string[] {
  const forms = [
    secret,
    encodeURIComponent(secret),
    btoa(secret),
    btoa(` ${secret}`),
    btoa(`  ${secret}`),
  ];
  return forms.flatMap((form) => {
    const body = form.slice(2, -2);
    return Array.from(
      { length: Math.max(1, body.length - 11) },
      (_, at) => body.slice(at, at + 12),
    );
  }).filter((piece) => piece.length === 12);
}

async function serverWithSecrets(): Promise<Emulator> {
  const emulator = await startServer();
  const { acme } = emulator.accounts.organizations;
  const end = { reason: "completed", exitCode: 0 };
  const history = [{ type: "assistant", payload: { content: "nothing to hide" } }];
  emulator.createSession({
    id: "canary-org",
    owner: { oid: acme.oid },
    status: "ended",
    end,
    history,
  });
  emulator.createSession({ id: "canary-own", status: "ended", end, history });
  emulator.setHiveRecord("secret", acme.oid, "planted", { secret: PLANTED.hiveSecret });
  emulator.setHiveRecord("ai_agent", acme.oid, "canary", {
    prompt: "look around",
    anthropic_secret: "hive://secret/planted",
  });
  return emulator;
}

for (const { args, stdin } of LINES) {
  Deno.test(`${args.slice(0, 5).join(" ")} tells no secret at full debug`, async () => {
    await using emulator = await serverWithSecrets();
    const line = [...args, "--debug", "--debug-full", "--debug-curl"];
    const options = { env: emulator.environment, stdin: stdin ?? "" };
    // A stream needs a clock that does not run ahead of it.
    const { stdout, stderr } = STREAMS.test(line.join(" "))
      ? await runProgram(line, options)
      : await runCommand(line, options);
    const tokens = emulator.requests
      .map(({ headers }) => headers["authorization"]?.replace(/^Bearer /, "") ?? "")
      .filter((token) => token.startsWith("eyJ"));
    const said = stdout + stderr;
    for (const secret of [KEY_IN_ENVIRONMENT, ...Object.values(PLANTED), ...new Set(tokens)]) {
      const found = piecesOf(secret).find((piece) => said.includes(piece));
      assertEquals(found, undefined, `a piece of ${secret} in:\n${said}`);
    }
    assert(emulator.requests.length === 0 || said.includes("127.0.0.1"), "nothing was logged");
  });
}

Deno.test("no command is left out of the search for secrets", () => {
  const covered = LINES.map(({ args }) => args.join(" "));
  const missing = leaves(COMMANDS).filter((leaf) =>
    !EXEMPT.has(leaf) && !leaf.startsWith("completions") &&
    !covered.some((line) => line === leaf || line.startsWith(`${leaf} `))
  );
  assertEquals(missing, []);
});
