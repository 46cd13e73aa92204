import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ExitCode } from "../../src/app/exit_codes.ts";
import { answerable } from "../support/chat_screen.ts";
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

testWith(
  [TMUX_NEED],
  "a lost connection shows below an open approval, whose change is kept until it is back",
  async () => {
    await attach(async ({ emulator, session, proxy, screen }) => {
      await screen.waitFor(/^idle/m);
      await session.push({
        type: "tool_approval_request",
        payload: { tool_use_id: "t1", tool_name: "Bash", tool_input: { command: "rm evidence" } },
      });
      await answerable(screen, "Approve Bash");
      proxy.refuse();
      proxy.cut();
      await screen.waitFor(/Approve Bash[^]*4 m \d+ s left, reconnecting/);
      await screen.send("e", "Enter");
      await screen.waitFor(/^4 m \d+ s left, reconnecting[^]*^edit> rm evidence/m);
      await screen.send("C-a", "echo ", "Enter");
      await screen.waitFor(/with your change[^]*4 m \d+ s left, reconnecting/);
      // The keys above are behind it, when the countdown has begun to run.
      const [left] = (await screen.capture()).match(/4 m \d+ s left.*$/) ?? [];
      await screen.waitFor(new RegExp(`with your change[^]*(?<!${left})$`));
      await screen.send("y", "Enter");
      await screen.waitFor("You are asked again");
      proxy.accept();
      await answerable(screen, "again[^]*\\+ command.*echo rm[^]*with your change");
      await screen.send("y", "Enter");
      await screen.waitFor("Approved, this call only");
      const answer = JSON.stringify(await session.received("tool_approval_response"));
      assertStringIncludes(answer, "echo rm evidence");
      assertEquals(emulator.receivedFrames(SESSION).length, 1);
    }, { flags: ["--interactive"] });
  },
);

testWith(
  [TMUX_NEED],
  "answers that could not be sent stand there when their questions are asked again",
  async () => {
    await attach(async ({ session, proxy, screen }) => {
      await screen.waitFor(/^idle/m);
      const questions = [{ header: "Host", question: "Which host?" }, { question: "Why?" }];
      await session.push({ type: "ask_user_question", payload: { question_id: "q1", questions } });
      await answerable(screen, "Which host");
      await screen.send("web", "Enter");
      await answerable(screen, "Why[^]*Answer");
      await screen.send("it is ");
      await screen.waitFor("it is");
      proxy.refuse();
      proxy.cut();
      await screen.waitFor(/it is\n4 m \d+ s left, reconnecting/);
      await screen.send("slow", "Enter");
      await screen.waitFor("You are asked again");
      proxy.accept();
      await answerable(screen, "again[^]*Answer \\(web\\)");
      await screen.send("Enter");
      await answerable(screen, "Answer[^]*\\(it is slow\\)");
      await screen.send("Enter");
      const answer = JSON.stringify(await session.received("ask_user_question_response"));
      assertStringIncludes(answer, '"Host":"web"');
      assertStringIncludes(answer, "it is slow");
    }, { flags: ["--interactive"] });
  },
);

testWith(
  [TMUX_NEED],
  "what is typed while a session starts leaves the screen alone, and is sent",
  async () => {
    await attach(async ({ session, screen }) => {
      await screen.waitFor("starting ·");
      await screen.send("typed early", "Enter", "a draft");
      const [before] = (await screen.capture()).match(/. starting · .*/) ?? [];
      const shown = await screen.waitFor(new RegExp(`(?<!${before}) · Ctrl-C leaves$`));
      assertEquals([shown.split("starting ·").length, shown.includes("typed")], [2, false], shown);
      session.start();
      assertStringIncludes(JSON.stringify(await session.received("prompt")), "typed early");
      await screen.waitFor(/^> a draft$/m);
    }, { flags: ["--interactive"], status: "starting" });
  },
);

for (const flags of [[], ["--interactive"], ["--interactive", "--plain"]]) {
  testWith(
    [TMUX_NEED],
    `attach ${flags.join(" ")} is left by one Ctrl-C while the session starts`,
    async () => {
      await attach(async ({ screen }) => {
        await screen.waitFor("starting");
        await screen.send("C-c");
        assertEquals(await screen.exitCode(), ExitCode.Done);
        assertStringIncludes(await screen.capture(), "Detached");
      }, { flags, status: "starting" });
    },
  );
}

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
