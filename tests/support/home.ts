import { join } from "node:path";

/** A folder of the test's own, removed with everything in it at the end of its scope. */
export interface TemporaryFolder extends Disposable {
  /** Absolute, with symbolic links resolved. */
  readonly path: string;
  /** The path of something in the folder. */
  join(...names: string[]): string;
}

/** Makes an empty folder. */
export function temporaryFolder(prefix = "limacharlie-test-"): TemporaryFolder {
  const path = Deno.realPathSync(Deno.makeTempDirSync({ prefix }));
  return {
    path,
    join: (...names) => join(path, ...names),
    [Symbol.dispose]: () => removeFolder(path),
  };
}

/** A home folder of the test's own, and the variables that lead a program there. */
export interface TemporaryHome extends TemporaryFolder {
  readonly env: Readonly<Record<string, string>>;
}

/** Makes an empty home folder. */
export function temporaryHome(): TemporaryHome {
  const folder = temporaryFolder("limacharlie-home-");
  return { ...folder, env: { HOME: folder.path } };
}

function removeFolder(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
