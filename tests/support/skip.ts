/** Something that not every machine has. */
export interface Need {
  /** Why a test cannot run here; undefined where it can. */
  readonly missing: string | undefined;
}

/** A program that has to be on PATH. */
export function tool(name: string): Need {
  return { missing: which(name) === undefined ? `${name} is not installed` : undefined };
}

/** For tests that look at what only Linux shows. */
export const LINUX: Need = {
  missing: Deno.build.os === "linux" ? undefined : "this is not Linux",
};

/** The path of a program on PATH, or in the folders given; undefined where there is none. */
export function which(name: string, path = Deno.env.get("PATH") ?? ""): string | undefined {
  const folders = path.split(":");
  return folders.map((folder) => `${folder}/${name}`).find(isFile);
}

/**
 * Registers a test that runs only where everything it needs is there. Elsewhere its name says what
 * is missing, so that every report of the skipped test does.
 */
export function testWith(
  needs: readonly Need[],
  name: string,
  test: (context: Deno.TestContext) => void | Promise<void>,
): void {
  const missing = needs.map((need) => need.missing).filter((reason) => reason !== undefined);
  if (missing.length === 0) Deno.test(name, test);
  else Deno.test.ignore(`${name} (skipped: ${missing.join(", ")})`, test);
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
