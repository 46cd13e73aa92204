import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ExitCode } from "../../src/app/exit_codes.ts";
import { programCommand } from "../support/executable.ts";
import { startServer } from "../support/server.ts";
import { testWith, tool } from "../support/skip.ts";
import { TcpProxy } from "../support/tcp_proxy.ts";
import { openScreen } from "../support/tmux.ts";

const TMUX_NEED = tool("tmux");
const SESSION = "5e55-104e";

/** Attaches in a terminal, by way of a proxy. */
async function attach(use: (stage: Stage) => Promise<void>, { flags = [], ...options }: Options) {
  await using emulator = await startServer();
  await using proxy = new TcpProxy(emulator.port);
  const session = emulator.createSession({ id: SESSION, status: options.status ?? "running" });
  await using screen = await openScreen({
    command: [...programCommand(), "ai", "session", "attach", "--id", SESSION, ...flags],
    env: { ...emulator.environment, LC_AI_URL: proxy.url },
    columns: options.columns ?? 80,
  });
  await use({ emulator, session, proxy, screen });
}

interface Options {
  readonly flags?: readonly string[];
  readonly columns?: number;
  readonly status?: "starting";
}

interface Stage {
  readonly emulator: Awaited<ReturnType<typeof startServer>>;
  readonly session: ReturnType<Stage["emulator"]["createSession"]>;
  readonly proxy: TcpProxy;
  readonly screen: Awaited<ReturnType<typeof openScreen>>;
}

testWith(
  [TMUX_NEED],
  "attach tells on one line how a lost connection is dialled again",
  async () => {
    await attach(async ({ proxy, screen }) => {
      await screen.waitFor("Attached");
      proxy.refuse();
      proxy.cut();
      await screen.waitFor(/reconnecting, attempt 2/);
      const shown = await screen.waitFor(/reconnecting, attempt 3 in \d+ s/);
      assertEquals(shown.match(/econnecting/g)?.length, 2, shown);
      proxy.accept();
      const after = await screen.waitFor("Connected again");
      assert(!after.includes("attempt"), after);
      proxy.refuse();
      proxy.cut();
      // The same line again, below the words of the first time.
      await screen.waitFor(/again[\s\S]*Connection lost[\s\S]*reconnecting, attempt \d/);
      await screen.send("C-c");
      await screen.waitFor("Detached");
      assertEquals(await screen.exitCode(), ExitCode.Done);
    }, { columns: 60 });
  },
);

testWith(
  [TMUX_NEED],
  "attach --interactive keeps what is typed while the connection is down",
  async () => {
    await attach(async ({ emulator, session, proxy, screen }) => {
      await screen.waitFor(/^idle/m);
      proxy.refuse();
      proxy.cut();
      await screen.waitFor(/^reconnecting.* last heard \d+ s ago/m);
      await screen.send("wait for it", "Enter");
      await screen.waitFor("queued: wait for it");
      proxy.accept();
      const message = await session.received("prompt");
      assertStringIncludes(JSON.stringify(message), "wait for it");
      await screen.waitFor("Connected again");
      proxy.refuse();
      proxy.cut();
      await screen.waitFor(/^reconnecting/m);
      await screen.send("C-c");
      await screen.waitFor("Detached");
      assertEquals(await screen.exitCode(), ExitCode.Done);
      const prompts = emulator.receivedFrames(SESSION).filter(({ data }) =>
        String(data).includes("wait for it")
      );
      assertEquals(prompts.length, 1);
    }, { flags: ["--interactive"] });
  },
);

for (const flags of [[], ["--interactive"]]) {
  testWith(
    [TMUX_NEED],
    `attach ${flags} shows that it waits for a session that starts`,
    async () => {
      await attach(async ({ session, screen }) => {
        await screen.waitFor(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] starting · 1 s · Ctrl-C leaves$/m);
        session.start();
        const after = await screen.waitFor("Attached");
        assert(!after.includes("starting ·"), after);
      }, { flags, status: "starting", columns: 40 });
    },
  );
}
