import type { Environment } from "../../app/deps.ts";

/** Where a shell finds what completes a program's words. */
interface Places {
  /** Files that hold nothing but the completion. */
  readonly files: readonly string[];
  /** Files of the person that may load it. */
  readonly profiles: readonly string[];
}

const SHELLS: Readonly<Record<string, (folders: Folders) => Places>> = {
  bash: ({ home, data }) => ({
    files: [
      `${data}/bash-completion/completions/limacharlie`,
      `${data}/bash-completion/completions/limacharlie.bash`,
      "/usr/local/share/bash-completion/completions/limacharlie",
      "/usr/share/bash-completion/completions/limacharlie",
      "/etc/bash_completion.d/limacharlie",
    ],
    profiles: [`${home}/.bashrc`, `${home}/.bash_profile`, `${home}/.bash_completion`],
  }),
  zsh: ({ home, data, zsh }) => ({
    files: [
      `${data}/zsh/site-functions/_limacharlie`,
      `${home}/.zsh/completions/_limacharlie`,
      `${home}/.zfunc/_limacharlie`,
      "/usr/local/share/zsh/site-functions/_limacharlie",
      "/usr/share/zsh/site-functions/_limacharlie",
    ],
    profiles: [`${zsh}/.zshrc`],
  }),
  fish: ({ data, config }) => ({
    files: [
      `${config}/fish/completions/limacharlie.fish`,
      `${data}/fish/vendor_completions.d/limacharlie.fish`,
      "/usr/share/fish/vendor_completions.d/limacharlie.fish",
    ],
    profiles: [`${config}/fish/config.fish`],
  }),
  powershell: ({ home, config }) => ({
    files: [],
    profiles: [
      `${config}/powershell/Microsoft.PowerShell_profile.ps1`,
      `${config}/powershell/profile.ps1`,
      `${home}/Documents/PowerShell/Microsoft.PowerShell_profile.ps1`,
      `${home}/Documents/PowerShell/profile.ps1`,
    ],
  }),
};

/** Folders of the person, after the XDG base directory specification. */
interface Folders {
  readonly home: string;
  readonly data: string;
  readonly config: string;
  /** Of zsh's own files. */
  readonly zsh: string;
}

/** The person's shell, as `limacharlie completions` calls it; undefined for one that it lacks. */
export function shellOf(env: Environment): string | undefined {
  if (Deno.build.os === "windows") return "powershell";
  const name = env.get("SHELL")?.split("/").at(-1) ?? "";
  return name === "pwsh" ? "powershell" : Object.hasOwn(SHELLS, name) ? name : undefined;
}

/**
 * Finds the file by which a shell completes this program's words: one of its own, or a profile that
 * mentions `limacharlie completions`.
 *
 * @returns its path; undefined where there is none
 */
export async function installedCompletion(
  shell: string,
  env: Environment,
): Promise<string | undefined> {
  const home = env.get("HOME") ?? env.get("USERPROFILE") ?? "";
  const places = SHELLS[shell]?.({
    home,
    data: env.get("XDG_DATA_HOME") || `${home}/.local/share`,
    config: env.get("XDG_CONFIG_HOME") || `${home}/.config`,
    zsh: env.get("ZDOTDIR") || home,
  });
  if (places === undefined) return undefined;
  for (const path of places.files) if (await read(path) !== undefined) return path;
  for (const path of places.profiles) {
    if ((await read(path))?.includes("limacharlie completions")) return path;
  }
  return undefined;
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return undefined;
  }
}
