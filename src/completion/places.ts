import type { Environment } from "../app/deps.ts";
import { usageError } from "../app/errors.ts";
import { programName } from "./program_name.ts";
import { identifierOf, markOf, scriptOf } from "./scripts.ts";
import { type Shell, SHELLS } from "./shells.ts";

/** What installing for one shell changes. */
export interface Places {
  /** The name of the program that is completed. */
  readonly name: string;
  /** The file that holds the script alone, and the line by which it is known to be ours. */
  readonly script?: { readonly path: string; readonly text: string; readonly mark: string };
  /** The shell's own file, and the lines that it needs, if it does. */
  readonly startup?: { readonly path: string; readonly lines: string; readonly needed: boolean };
  /** How a shell that runs already takes it. */
  readonly takesEffect: string;
}

export interface PlacesOptions {
  readonly env: Environment;
  readonly os?: typeof Deno.build.os;
  /** How the program is called: by the name of its executable unless given. */
  readonly name?: string;
  /** The text of a file; undefined where it cannot be read. The real file's unless given. */
  readonly read?: (path: string) => string | undefined;
}

/** Where the package bash-completion is, which loads what is in the folder for completions. */
const BASH_COMPLETION = [
  "/usr/share/bash-completion/bash_completion",
  "/etc/bash_completion",
  "/usr/local/share/bash-completion/bash_completion",
  "/usr/local/etc/profile.d/bash_completion.sh",
  "/opt/homebrew/etc/profile.d/bash_completion.sh",
  "/run/current-system/sw/share/bash-completion/bash_completion",
];

/** What to do where nothing can be put into its place. */
export const PRINT_IT =
  "Print the script with limacharlie completions SHELL, and save it where your shell looks";

/** What a shell reads before the person's own file, by the conventions of systems. */
const OF_THE_SYSTEM = ["/etc/bash.bashrc", "/etc/bashrc"];

/** How a startup file loads that package: by its name, or with all that is in a folder. */
const LOADS_BY_NAME = /^[^#\n]*\bbash_completion\b/m;
const LOADS_FOLDER = /^[^#\n]*\/etc\/profile\.d\/\*/m;
const IN_FOLDER = "/etc/profile.d/bash_completion.sh";

/**
 * Which shell is meant: the one that SHELL names, unless one is given.
 *
 * @throws {CliError} (exit 4) where that is none that completion is there for
 */
export function shellIn(env: Environment, os: typeof Deno.build.os = Deno.build.os): Shell {
  const { name, shell } = namedShell(env, os);
  if (shell !== undefined) return shell;
  throw usageError(
    name === "" ? "Cannot tell your shell: SHELL is not set" : `No completion for shell "${name}"`,
    `Name one with --shell: ${SHELLS.join(", ")}`,
  );
}

/** The person's shell by its name; `shell` is undefined where there is no completion for it. */
export function namedShell(
  env: Environment,
  os: typeof Deno.build.os = Deno.build.os,
): { readonly name: string; readonly shell: Shell | undefined } {
  if (os === "windows") return { name: "powershell", shell: "powershell" };
  const name = env.get("SHELL")?.split("/").at(-1) ?? "";
  return { name, shell: SHELLS.find((each) => each === (name === "pwsh" ? "powershell" : name)) };
}

/**
 * Where a shell looks for completion.
 *
 * @throws {CliError} (exit 4) without a home folder
 */
export function placesOf(
  shell: Shell,
  { env, os = Deno.build.os, name = programName(), read = readText }: PlacesOptions,
): Places {
  const text = scriptOf(shell, name);
  const mark = markOf(shell, name);
  const home = homeIn(env, os);
  switch (shell) {
    case "bash": {
      const folder = env.get("BASH_COMPLETION_USER_DIR")?.split(":")[0] ||
        `${env.get("XDG_DATA_HOME") || `${home}/.local/share`}/bash-completion`;
      const path = `${folder}/completions/${name}`;
      const startup = `${home}/${os === "darwin" ? loginFile(home, read) : ".bashrc"}`;
      return {
        name,
        script: { path, text, mark },
        startup: {
          path: startup,
          // Other shells than bash read .profile as well.
          lines: `[ -n "\${BASH_VERSION-}" ] && [ -r ${quote(path)} ] && . ${quote(path)}\n`,
          needed: !loadsBashCompletion(startup, read),
        },
        takesEffect: "Open a new terminal, or run: exec bash",
      };
    }
    case "zsh": {
      const folder = `${env.get("ZDOTDIR") || home}/.zfunc`;
      const loaded = `_${identifierOf(name)}`;
      return {
        name,
        script: { path: `${folder}/${loaded}`, text, mark },
        startup: {
          path: `${env.get("ZDOTDIR") || home}/.zshrc`,
          lines: `fpath=(${quote(folder)} "\${fpath[@]}")\n` +
            "(( ${+functions[compdef]} )) || { autoload -Uz compinit && compinit -i }\n" +
            `autoload -Uz ${loaded} && compdef ${loaded} ${name}\n`,
          needed: true,
        },
        takesEffect: "Open a new terminal, or run: exec zsh",
      };
    }
    case "fish": {
      const folder = env.get("XDG_CONFIG_HOME") || `${home}/.config`;
      return {
        name,
        script: { path: `${folder}/fish/completions/${name}.fish`, text, mark },
        takesEffect: "It takes effect with the next Tab",
      };
    }
    case "powershell": {
      const folder = os === "windows"
        ? `${home}\\Documents\\PowerShell\\`
        : `${env.get("XDG_CONFIG_HOME") || `${home}/.config`}/powershell/`;
      return {
        name,
        startup: {
          path: `${folder}Microsoft.PowerShell_profile.ps1`,
          lines: text,
          needed: true,
        },
        takesEffect: "Open a new terminal, or run: . $PROFILE",
      };
    }
  }
}

function homeIn(env: Environment, os: typeof Deno.build.os): string {
  const variable = os === "windows" ? "USERPROFILE" : "HOME";
  const home = env.get(variable)?.replace(/[\\/]+$/, "");
  if (home) return home;
  throw usageError(
    `Cannot find your home folder: ${variable} is not set`,
    PRINT_IT,
  );
}

/** What bash reads on macOS, whose shells are login shells: the first of these that is there, alone. */
function loginFile(home: string, read: (path: string) => string | undefined): string {
  const names = [".bash_profile", ".bash_login", ".profile"];
  const isThere = (name: string) => read(`${home}/${name}`) !== undefined;
  // A new one of the first name would hide the others from bash.
  return names.find(isThere) ?? ".bash_profile";
}

/** Whether bash has the package's help, without which it looks into no folder for completions. */
function loadsBashCompletion(
  startup: string,
  read: (path: string) => string | undefined,
): boolean {
  const isThere = (path: string) => read(path) !== undefined;
  return BASH_COMPLETION.some(isThere) && [startup, ...OF_THE_SYSTEM].some((path) => {
    const text = read(path) ?? "";
    return LOADS_BY_NAME.test(text) || LOADS_FOLDER.test(text) && isThere(IN_FOLDER);
  });
}

function readText(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}

/** A path for a startup file of a POSIX shell. */
function quote(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
