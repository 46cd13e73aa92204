import type { Command } from "@cliffy/command";
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
          name: "session",
          summary: "Sessions of the organization, and attaching to any session",
          children: [
            {
              name: "attach",
              summary: "Watch a session live, or talk with it",
              load: async () => (await import("../commands/ai/session/attach.ts")).attachCommand,
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
      name: "demo",
      summary: "Try it all on an embedded server, with nothing to set up",
      load: async () => (await import("../commands/demo.ts")).demoCommand,
    },
    {
      name: "emulator",
      summary: "Serve an emulated LimaCharlie on this machine",
      load: async () => (await import("../commands/emulator.ts")).emulatorCommand,
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
