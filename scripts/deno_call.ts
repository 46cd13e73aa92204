import { fileURLToPath } from "node:url";

/** The folder of the project, without a slash at its end. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

/** The Deno that everything runs with: the one that scripts/dev settled on. */
export const DENO: string = handedDown("LC_DEV_DENO");

/** The configuration, and where the dependencies come from, as options of `deno run|test|check|compile`. */
export const DEPENDENCY_OPTIONS: readonly string[] = lines(handedDown("LC_DEV_OPTIONS"));

/** Whether the dependencies come from JSR, as those of a release have to. */
export const FROM_JSR: boolean = !DEPENDENCY_OPTIONS.some((option) =>
  option.startsWith("--import-map=")
);

/** What a release may do, as options of `deno run|compile`. */
export const PERMISSIONS: readonly string[] = lines(handedDown("LC_DEV_PERMISSIONS"));

/** The folder in which Deno keeps what it downloads. */
export const DENO_DIR: string = askDeno().denoDir;

/** What Deno says of a module, and of each that it leads to: `deno info --json`. */
export async function inspect<Info>(module: string): Promise<Info> {
  const { success, stdout, stderr } = await new Deno.Command(DENO, {
    args: ["info", "--json", ...DEPENDENCY_OPTIONS, module],
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`Cannot inspect ${module}: ${decoder.decode(stderr)}`);
  return JSON.parse(decoder.decode(stdout));
}

function askDeno(): { denoDir: string } {
  const { stdout } = new Deno.Command(DENO, { args: ["info", "--json", "--no-config"] })
    .outputSync();
  return JSON.parse(new TextDecoder().decode(stdout));
}

function handedDown(name: string): string {
  const value = Deno.env.get(name);
  if (value === undefined) throw new Error(`Cannot find ${name}: start this with scripts/dev`);
  return value;
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
