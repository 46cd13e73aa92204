export const PROGRAM_NAME = "limacharlie";

/**
 * The name by which a person calls this program, as far as that can be told: the one of its file,
 * unless that is still as it was downloaded, with the version and the platform in its name.
 *
 * @param path of the executable
 * @param standalone whether that is ours, and not Deno with our source
 */
export function programName(
  path: string = Deno.execPath(),
  standalone: boolean = Deno.build.standalone,
): string {
  const name = path.split(/[\\/]/).at(-1)?.replace(/\.exe$/i, "") ?? "";
  const isDownloaded = /^limacharlie-\d/.test(name);
  return standalone && !isDownloaded && /^[A-Za-z][\w.+-]*$/.test(name) ? name : PROGRAM_NAME;
}
