import type { Deps, Environment } from "../../app/deps.ts";
import { messageOf } from "../../app/errors.ts";
import { namedShell } from "../../completion/places.ts";
import { installedCompletion } from "./completion.ts";
import { isDumb, isPlain } from "../../term/is_plain.ts";
import { type Finding, ok, skipped, warning } from "./finding.ts";

/** Tells what the terminal can do. */
export function examineTerminal({ terminal, env, flags }: Deps): Finding {
  const { stdin, stdout, stderr } = terminal;
  const kinds = { stdin, stdout, stderr };
  const piped = Object.entries(kinds).filter(([, { isTerminal }]) => !isTerminal)
    .map(([name]) => name);
  if (piped.length === 3) return ok("terminal", "none: input and output are pipes or files");
  const { columns, rows } = terminal.size();
  const term = env.get("TERM");
  const isColored = !isDumb(env) && !flags.noColor && !env.get("NO_COLOR");
  const detail = [
    `${columns} × ${rows}`,
    term || "TERM is not set",
    isColored ? colorsOf(env) : "no colors",
    ...(piped.length > 0 ? [`${piped.join(" and ")} redirected`] : []),
    ...(["TMUX", "STY"].some((name) => env.get(name)) ? ["in tmux or screen"] : []),
    ...(env.get("SSH_CONNECTION") ? ["over SSH"] : []),
  ].join(", ");
  const locale = env.get("LC_ALL") || env.get("LC_CTYPE") || env.get("LANG");
  if (Deno.build.os !== "windows" && !/utf-?8/i.test(locale ?? "")) {
    return warning(
      "terminal",
      `${detail}; the locale ${locale ? `"${locale}" is not one of UTF-8` : "is not set"}`,
      "Set LANG to a locale of UTF-8, such as C.UTF-8, if letters look wrong",
    );
  }
  const appended = `${detail}: lines are appended, nothing is redrawn`;
  if (isDumb(env)) return warning("terminal", appended, "Set TERM");
  return ok("terminal", isPlain(env) ? appended : detail);
}

/** Looks whether the person's shell completes this program's words. */
export async function examineCompletion(env: Environment): Promise<Finding> {
  const { name, shell } = namedShell(env);
  if (shell === undefined) {
    return skipped(
      "completion",
      name === "" ? "SHELL is not set" : `there is none for the shell "${name}"`,
    );
  }
  let place: string | undefined;
  try {
    place = await installedCompletion(shell, env);
  } catch (error) {
    return warning("completion", messageOf(error), "Set it");
  }
  return place === undefined
    ? warning(
      "completion",
      `not found where ${shell} looks for it`,
      `Run limacharlie completions install --shell ${shell}`,
    )
    : ok("completion", `${shell}, by ${place}`);
}

function colorsOf(env: Environment): string {
  return /^(?:truecolor|24bit)$/.test(env.get("COLORTERM") ?? "") ? "all colors" : "colors";
}
