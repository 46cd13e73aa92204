import type { Environment } from "../../app/deps.ts";
import { type Places, placesOf } from "../../completion/places.ts";
import type { Shell } from "../../completion/shells.ts";

/** Where else a shell finds a file that an administrator or a package has put there. */
const OF_THE_SYSTEM: Readonly<Record<Shell, readonly string[]>> = {
  bash: [
    "/usr/local/share/bash-completion/completions/limacharlie",
    "/usr/share/bash-completion/completions/limacharlie",
    "/etc/bash_completion.d/limacharlie",
  ],
  zsh: [
    "/usr/local/share/zsh/site-functions/_limacharlie",
    "/usr/share/zsh/site-functions/_limacharlie",
    "/usr/share/zsh/vendor-completions/_limacharlie",
  ],
  fish: ["/usr/share/fish/vendor_completions.d/limacharlie.fish"],
  powershell: [],
};

/**
 * Finds the file by which a shell completes this program's words: as `completions install` leaves
 * it, of the system, or a startup file in which somebody calls `limacharlie completions SHELL`.
 *
 * @returns its path; undefined where there is none
 * @throws {CliError} (exit 4) without a home folder
 */
export async function installedCompletion(
  shell: Shell,
  env: Environment,
): Promise<string | undefined> {
  const places = placesOf(shell, { env });
  const startup = places.startup && await read(places.startup.path);
  if (isInstalled(places, startup)) return places.script?.path ?? places.startup?.path;
  if (startup?.includes(`limacharlie completions ${shell}`)) return places.startup?.path;
  return OF_THE_SYSTEM[shell].find(exists);
}

function isInstalled({ script, startup }: Places, startupText: string | undefined): boolean {
  const isLoaded = startup?.needed !== true || startupText?.includes(startup.lines) === true;
  return isLoaded && (script === undefined || exists(script.path));
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return undefined;
  }
}
