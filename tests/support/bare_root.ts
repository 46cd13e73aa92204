import { dirname } from "node:path";
import { type TemporaryFolder, temporaryFolder } from "./home.ts";
import { type ProgramResult, runProgram } from "./program.ts";
import { type Need, which } from "./skip.ts";

/** A host with nothing but the programs that it was given, and no network but loopback. */
export interface BareRoot extends TemporaryFolder {
  /** Runs a script of bash in it, as root; what it leaves running ends with it. */
  run(script: string): Promise<ProgramResult>;
}

/** Programs on this machine; a system administrator's folders are not on everybody's PATH. */
const PATH = `${Deno.env.get("PATH") ?? ""}:/usr/sbin:/sbin`;

/** Enters the root whose path is the first argument. */
const ENTER = `
set -e
root=$1
mount --make-rprivate /
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
ip link set lo up
exec chroot "$root" /usr/bin/env -i HOME=/home/analyst SHELL=/bin/bash PATH=/usr/local/bin:/usr/bin:/bin \\
  /bin/bash /script
`;

const UNSHARE = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child"];

/** Root's rights to make such a host. */
export const BARE_ROOT_NEED: Need = { missing: whyNoBareRoot() };

function whyNoBareRoot(): string | undefined {
  for (const name of ["unshare", "ip", "chroot", "ldd"]) {
    if (which(name, PATH) === undefined) return `${name} is not installed`;
  }
  const script = "mount --make-rprivate / && mount -t proc proc /proc && ip link set lo up";
  const [command = "", ...args] = UNSHARE;
  const { success } = new Deno.Command(command, {
    args: [...args, "sh", "-c", script],
    env: { PATH },
  }).outputSync();
  return success ? undefined : "mounting, or a network of its own, needs more rights";
}

/**
 * Makes a bare root with bash and some programs, which are copied with their libraries.
 *
 * @param guest an executable that is not copied, but finds its libraries
 */
export async function makeBareRoot(programs: readonly string[], guest: string): Promise<BareRoot> {
  const folder = temporaryFolder("limacharlie-root-");
  for (const name of ["proc", "dev", "home/analyst", "usr/local/bin"]) {
    await Deno.mkdir(folder.join(name), { recursive: true });
  }
  for (const name of ["bash", "env", ...programs]) {
    const path = which(name, PATH);
    if (path === undefined) throw new Error(`Cannot find ${name}`);
    // One place for each, as on a system where /bin is a link.
    const place = name === "bash" ? "/bin/bash" : `/usr/bin/${name}`;
    await copyInto(folder, path, place);
    await copyLibraries(folder, path);
  }
  await copyLibraries(folder, guest);
  const run = async (script: string) => {
    await Deno.writeTextFile(folder.join("script"), script);
    const command = [...UNSHARE, "sh", "-c", ENTER, "sh", folder.path];
    return await runProgram([], { command, env: { PATH } });
  };
  return { ...folder, run };
}

async function copyLibraries(folder: TemporaryFolder, program: string): Promise<void> {
  const { stdout } = await runProgram([program], { command: ["ldd"], env: { PATH } });
  for (const [, path = ""] of stdout.matchAll(/(?:=> |^\s+)(\/\S+)/gm)) {
    await copyInto(folder, path, path);
  }
}

async function copyInto(folder: TemporaryFolder, from: string, to: string): Promise<void> {
  await Deno.mkdir(folder.join(dirname(to)), { recursive: true });
  await Deno.copyFile(from, folder.join(to));
}
