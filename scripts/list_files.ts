/**
 * Lists the files below a folder, sorted.
 *
 * @returns their paths relative to the folder, with slashes; none where there is no such folder
 */
export async function listFiles(folder: string): Promise<string[]> {
  return (await list(folder, "")).sort();
}

async function list(folder: string, prefix: string): Promise<string[]> {
  const files: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(`${folder}/${prefix}`)) {
      if (isDirectory) files.push(...await list(folder, `${prefix}${name}/`));
      else files.push(prefix + name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return files;
}
