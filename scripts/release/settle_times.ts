import type { ModuleGraph } from "./module_graph.ts";

/**
 * Gives one time to every file that goes into an executable. Deno keeps the time of each, which
 * is when it was checked out or unpacked: without this no two machines make the same executable.
 *
 * @param seconds since 1970-01-01 UTC
 */
export async function settleTimes(graph: ModuleGraph, seconds: number): Promise<void> {
  for (const file of graph.files) await Deno.utime(file, seconds, seconds);
  for (const { folder } of graph.npm) await settleFolder(folder, seconds);
}

async function settleFolder(folder: string, seconds: number): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) await settleFolder(path, seconds);
    else await Deno.utime(path, seconds, seconds);
  }
}

/**
 * Reads SOURCE_DATE_EPOCH, by which build tools are told the time to put into what they make.
 *
 * @returns seconds since 1970-01-01 UTC; undefined where it isn't set
 * @throws {Error} when it is no number
 */
export function sourceDateEpoch(value: string | undefined): number | undefined {
  if (value === undefined || value === "") return undefined;
  if (!/^\d{1,10}$/.test(value)) throw new Error(`Invalid SOURCE_DATE_EPOCH "${value}"`);
  return Number(value);
}
