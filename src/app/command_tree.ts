import type { Command } from "@cliffy/command";
import type { Place } from "../render/near_names.ts";
import type { Deps } from "./deps.ts";

// deno-lint-ignore no-explicit-any
export type AnyCommand = Command<any, any, any, any, any, any, any, any>;

/** Wires one command to what it runs with. */
export type CommandFactory = (deps: Deps) => AnyCommand;

/** One word of the command line. A group has children, a command is loaded when it is used. */
export interface CommandNode {
  readonly name: string;
  /** One line for the list in the parent's help. */
  readonly summary: string;
  readonly children?: readonly CommandNode[];
  readonly load?: () => Promise<CommandFactory>;
  /** Has a person at the terminal choose a session, where --id is left out. */
  readonly pickId?: () => Promise<(deps: Deps) => Promise<string>>;
}

/** Every command of the program, with nothing loaded. */
export const COMMANDS: CommandNode = {
  name: "limacharlie",
  summary: "LimaCharlie's AI sessions in your terminal",
  children: [
    {
      name: "ai",
      summary: "AI sessions: watch them, talk with them, manage them",
      children: [
        {
          name: "chat",
          summary: "Start a session of your own and talk with it",
          load: async () => (await import("../commands/ai/chat.ts")).chatCommand,
        },
        {
          name: "start-session",
          summary: "Start a session of the organization from a template",
          load: async () => (await import("../commands/ai/start_session.ts")).startSessionCommand,
        },
        {
          name: "replay",
          summary: "Show a recording, or check that nobody changed it",
          load: async () => (await import("../commands/ai/replay.ts")).replayCommand,
        },
        {
          name: "session",
          summary: "Sessions of the organization, and attaching to any session",
          children: [
            {
              name: "list",
              summary: "List the sessions of the organization",
              load: async () => (await import("../commands/ai/session/list.ts")).sessionListCommand,
            },
            {
              name: "get",
              summary: "Show a session of the organization",
              load: async () => (await import("../commands/ai/session/get.ts")).sessionGetCommand,
              pickId: async () =>
                (await import("../commands/ai/pick_session.ts")).pickOfOrganization,
            },
            {
              name: "terminate",
              summary: "End a session of the organization",
              load: async () =>
                (await import("../commands/ai/session/terminate.ts")).sessionTerminateCommand,
              pickId: async () =>
                (await import("../commands/ai/pick_session.ts")).pickActiveOfOrganization,
            },
            {
              name: "history",
              summary: "Show what was said in a session of the organization",
              load: async () =>
                (await import("../commands/ai/session/history.ts")).sessionHistoryCommand,
              pickId: async () =>
                (await import("../commands/ai/pick_session.ts")).pickOfOrganization,
            },
            {
              name: "attach",
              summary: "Watch a session live, or talk with it",
              load: async () => (await import("../commands/ai/session/attach.ts")).attachCommand,
              pickId: async () => (await import("../commands/ai/pick_session.ts")).pickAny,
            },
            {
              name: "wait",
              summary: "Wait until the agent is idle, asks, or the session has ended",
              load: async () => (await import("../commands/ai/session/wait.ts")).waitCommand,
              pickId: async () => (await import("../commands/ai/pick_session.ts")).pickAny,
            },
          ],
        },
        {
          name: "chats",
          summary: "Sessions of your own, which ai chat has started",
          children: [
            {
              name: "list",
              summary: "List the sessions of your own",
              load: async () => (await import("../commands/ai/chats/list.ts")).chatsListCommand,
            },
            {
              name: "get",
              summary: "Show a session of your own",
              load: async () => (await import("../commands/ai/chats/get.ts")).chatsGetCommand,
              pickId: async () => (await import("../commands/ai/pick_session.ts")).pickOwn,
            },
            {
              name: "terminate",
              summary: "End a session of your own",
              load: async () =>
                (await import("../commands/ai/chats/terminate.ts")).chatsTerminateCommand,
              pickId: async () => (await import("../commands/ai/pick_session.ts")).pickActiveOwn,
            },
            {
              name: "history",
              summary: "Show what was said in a session of your own",
              load: async () =>
                (await import("../commands/ai/chats/history.ts")).chatsHistoryCommand,
              pickId: async () => (await import("../commands/ai/pick_session.ts")).pickOwn,
            },
          ],
        },
        {
          name: "usage",
          summary: "Tokens and cost of the organization's sessions",
          children: [
            {
              name: "list",
              summary: "List whose API keys have run sessions",
              load: async () => (await import("../commands/ai/usage/list.ts")).usageListCommand,
            },
            {
              name: "get",
              summary: "Show one API key's tokens and cost by the hour",
              load: async () => (await import("../commands/ai/usage/get.ts")).usageGetCommand,
            },
          ],
        },
        {
          name: "auth",
          summary: "Credentials that your chats are billed to",
          children: [
            {
              name: "claude",
              summary: "The Claude credential that is stored for you",
              children: [
                {
                  name: "status",
                  summary: "Show whether one is stored, and of which type",
                  load: async () =>
                    (await import("../commands/ai/auth/claude/status.ts")).claudeStatusCommand,
                },
                {
                  name: "login",
                  summary: "Sign in with Claude",
                  load: async () =>
                    (await import("../commands/ai/auth/claude/login.ts")).claudeLoginCommand,
                },
                {
                  name: "set-key",
                  summary: "Store an Anthropic API key",
                  load: async () =>
                    (await import("../commands/ai/auth/claude/set_key.ts")).claudeSetKeyCommand,
                },
                {
                  name: "logout",
                  summary: "Remove it",
                  load: async () =>
                    (await import("../commands/ai/auth/claude/logout.ts")).claudeLogoutCommand,
                },
              ],
            },
          ],
        },
      ],
    },
    {
      name: "auth",
      summary: "Credentials: save them, choose among them, see whose they are",
      children: [
        {
          name: "login",
          summary: "Save an API key",
          load: async () => (await import("../commands/auth/login.ts")).loginCommand,
        },
        {
          name: "logout",
          summary: "Remove saved credentials",
          load: async () => (await import("../commands/auth/logout.ts")).logoutCommand,
        },
        {
          name: "whoami",
          summary: "Show who the credentials belong to",
          load: async () => (await import("../commands/auth/whoami.ts")).whoamiCommand,
        },
        {
          name: "use-env",
          summary: "Choose the environment that commands use",
          load: async () => (await import("../commands/auth/use_env.ts")).useEnvCommand,
        },
        {
          name: "use-org",
          summary: "Keep the organization that commands work in",
          load: async () => (await import("../commands/auth/use_org.ts")).useOrgCommand,
        },
        {
          name: "list-envs",
          summary: "List the environments of the configuration file",
          load: async () => (await import("../commands/auth/list_envs.ts")).listEnvsCommand,
        },
        {
          name: "get-token",
          summary: "Print a new token",
          load: async () => (await import("../commands/auth/get_token.ts")).getTokenCommand,
        },
      ],
    },
    {
      name: "completions",
      summary: "Complete commands, flags and session ids with Tab",
      children: [
        {
          name: "install",
          summary: "Put the script where your shell looks",
          load: async () => (await import("../commands/completions/install.ts")).installCommand,
        },
        {
          name: "uninstall",
          summary: "Take that back",
          load: async () => (await import("../commands/completions/uninstall.ts")).uninstallCommand,
        },
        {
          name: "bash",
          summary: "Print the script for bash",
          load: async () => (await import("../commands/completions/bash.ts")).bashCommand,
        },
        {
          name: "zsh",
          summary: "Print the script for zsh",
          load: async () => (await import("../commands/completions/zsh.ts")).zshCommand,
        },
        {
          name: "fish",
          summary: "Print the script for fish",
          load: async () => (await import("../commands/completions/fish.ts")).fishCommand,
        },
        {
          name: "powershell",
          summary: "Print the script for PowerShell",
          load: async () =>
            (await import("../commands/completions/powershell.ts")).powershellCommand,
        },
      ],
    },
    {
      name: "demo",
      summary: "Try it all on an embedded server, with nothing to set up",
      load: async () => (await import("../commands/demo.ts")).demoCommand,
    },
    {
      name: "doctor",
      summary: "Check everything between this terminal and a session",
      load: async () => (await import("../commands/doctor.ts")).doctorCommand,
    },
    {
      name: "emulator",
      summary: "Serve an emulated LimaCharlie on this machine",
      load: async () => (await import("../commands/emulator.ts")).emulatorCommand,
    },
    {
      name: "upgrade",
      summary: "Replace this executable by one that you have downloaded",
      load: async () => (await import("../commands/upgrade.ts")).upgradeCommand,
    },
    {
      name: "help",
      summary: "Explain a topic, such as configuration, or a command",
      load: async () =>
        (await import("../commands/help.ts")).helpCommandOf(() => placesBelow(COMMANDS)),
    },
    {
      name: "version",
      summary: "Print the version",
      load: async () => (await import("../commands/version.ts")).versionCommand,
    },
  ],
};

/**
 * Follows words down the tree as far as they name commands.
 *
 * @returns the nodes on the way, the root first
 */
export function resolvePath(words: readonly string[], root: CommandNode = COMMANDS): CommandNode[] {
  const path = [root];
  for (const word of words) {
    const next = path.at(-1)?.children?.find((child) => child.name === word);
    if (next === undefined) break;
    path.push(next);
  }
  return path;
}

/**
 * Every command and group below one, from the top down, and the words that call it.
 *
 * @param before what stands before those words
 */
export function placesBelow(node: CommandNode, before = ""): Place[] {
  return (node.children ?? []).flatMap((child) => {
    const line = before + child.name;
    return [{ name: child.name, line }, ...placesBelow(child, `${line} `)];
  });
}
