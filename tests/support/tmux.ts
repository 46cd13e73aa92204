import { DENO_ENV } from "./program.ts";
import { type TemporaryFolder, temporaryFolder } from "./home.ts";
import { DEFAULT_TIMEOUT, type WaitOptions } from "./transcript.ts";

/** How to open a screen. */
export interface ScreenOptions {
  /** The program, by its absolute path, and its arguments. */
  readonly command: readonly string[];
  /** All of its environment, but for what Deno and a terminal need; HOME is an empty folder unless given. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** 80 unless given. */
  readonly columns?: number;
  /** 24 unless given. */
  readonly rows?: number;
}

/** How to look at a screen. */
export interface CaptureOptions {
  /** Keeps colours and styles as escape sequences. */
  readonly escapes?: boolean;
  /** Begins with what has scrolled away. */
  readonly scrollback?: boolean;
}

/** Where the cursor is, from 0. */
export interface Cursor {
  readonly column: number;
  readonly row: number;
}

/** A program in a real terminal, which is taken down at the end of its scope. */
export interface Screen extends AsyncDisposable {
  /** Types: names of keys (`Enter`, `C-c`, `M-b`, `Up`, `F1`, …) are pressed, all else is text. */
  send(...keys: string[]): Promise<void>;
  /** Pastes, bracketed where the program has asked for that. */
  paste(text: string): Promise<void>;
  /** The lines of the screen, without blanks at their ends nor empty lines at the bottom. */
  capture(options?: CaptureOptions): Promise<string>;
  /**
   * Waits until the screen shows a text or matches a pattern.
   *
   * @returns the screen
   * @throws {Error} with the screen, after the time-out or when the program ends without it
   */
  waitFor(wanted: string | RegExp, options?: WaitOptions & CaptureOptions): Promise<string>;
  cursor(): Promise<Cursor>;
  resize(columns: number, rows: number): Promise<void>;
  /** The title that the program has given to its terminal. */
  title(): Promise<string>;
  /** What the program has put on the clipboard; undefined where nothing was. */
  clipboard(): Promise<string | undefined>;
  /** The id of the program's process. */
  pid(): Promise<number>;
  /**
   * Waits for the program's end.
   *
   * @returns its exit code; 128 + N after signal N
   * @throws {Error} with the screen, after the time-out
   */
  exitCode(options?: WaitOptions): Promise<number>;
}

/** Between two looks at a screen, in milliseconds. */
const INTERVAL = 20;

/** Looks at a screen whose program has ended: tmux may show its last words only after its end. */
const LAST_LOOKS = 25;

const KEY_NAME =
  /^(?:Enter|Escape|Tab|BTab|BSpace|Space|Up|Down|Left|Right|Home|End|NPage|PPage|PageUp|PageDown|DC|IC|F\d{1,2}|(?:[CMS]-)+.+)$/;

/** What tmux is told before the program starts. It does all that a program may ask of it. */
const CONFIGURATION = [
  "set -g remain-on-exit on",
  "set -gq remain-on-exit-format ''",
  "set -g status off",
  "set -g history-limit 100000",
  "set -s escape-time 0",
  "set -s set-clipboard on",
  "set -gq allow-passthrough on",
  "set -g allow-rename on",
];

/** Runs a program in a terminal of its own. */
export async function openScreen(options: ScreenOptions): Promise<Screen> {
  const tmux = new Tmux(options);
  try {
    await tmux.start(options);
  } catch (error) {
    await tmux[Symbol.asyncDispose]();
    throw error;
  }
  return tmux;
}

class Tmux implements Screen {
  readonly #folder: TemporaryFolder = temporaryFolder("limacharlie-tmux-");
  readonly #env: Record<string, string>;

  constructor({ env }: ScreenOptions) {
    const home = this.#folder.join("home");
    Deno.mkdirSync(home);
    this.#env = {
      ...DENO_ENV,
      PATH: "/usr/local/bin:/usr/bin:/bin",
      LANG: "C.UTF-8",
      SHELL: "/bin/sh",
      HOME: home,
      TERM: "tmux-256color",
      ...env,
    };
  }

  async start({ command, cwd, columns = 80, rows = 24 }: ScreenOptions): Promise<void> {
    const configuration = this.#folder.join("tmux.conf");
    const terminal = `set -g default-terminal ${this.#env["TERM"]}`;
    await Deno.writeTextFile(configuration, [...CONFIGURATION, terminal, ""].join("\n"));
    const size = ["-x", String(columns), "-y", String(rows)];
    const folder = ["-c", cwd ?? this.#env["HOME"] ?? ""];
    // A command of one word would be read by a shell.
    const words = ["/bin/sh", "-c", 'exec "$@"', "sh", ...command];
    await this.#run("-f", configuration, "new-session", "-d", ...size, ...folder, "--", ...words);
  }

  async send(...keys: string[]): Promise<void> {
    for (const key of keys) {
      if (KEY_NAME.test(key)) await this.#run("send-keys", key);
      // tmux takes a semicolon at the end of a word for the end of its command.
      else await this.#run("send-keys", "-l", "--", key.replace(/;$/, "\\;"));
    }
  }

  async paste(text: string): Promise<void> {
    const file = this.#folder.join("paste");
    await Deno.writeTextFile(file, text);
    await this.#run("load-buffer", file);
    await this.#run("paste-buffer", "-p", "-r", "-d");
  }

  async capture({ escapes = false, scrollback = false }: CaptureOptions = {}): Promise<string> {
    const flags = [...(escapes ? ["-e"] : []), ...(scrollback ? ["-S", "-"] : [])];
    const text = await this.#run("capture-pane", "-p", ...flags);
    return text.replaceAll(/[ \t]+$/gm, "").trimEnd();
  }

  async waitFor(
    wanted: string | RegExp,
    { timeout = DEFAULT_TIMEOUT, ...view }: WaitOptions & CaptureOptions = {},
  ): Promise<string> {
    let lastLooks = LAST_LOOKS;
    return await this.#poll(timeout, `show ${wanted}`, async () => {
      const ended = (await this.#end()) !== undefined;
      const text = await this.capture(view);
      const shown = typeof wanted === "string" ? text.includes(wanted) : text.search(wanted) >= 0;
      if (ended && !shown && --lastLooks === 0) {
        throw new Error(`The program ended without ${wanted}:\n${text}`);
      }
      return shown ? text : undefined;
    });
  }

  async cursor(): Promise<Cursor> {
    const [column, row] = (await this.#ask("#{cursor_x} #{cursor_y}")).split(" ").map(Number);
    return { column: column ?? 0, row: row ?? 0 };
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#run("resize-window", "-x", String(columns), "-y", String(rows));
  }

  async title(): Promise<string> {
    return await this.#ask("#{pane_title}");
  }

  async clipboard(): Promise<string | undefined> {
    const { success, stdout } = await this.#tmux("show-buffer");
    return success ? new TextDecoder().decode(stdout) : undefined;
  }

  async pid(): Promise<number> {
    return Number(await this.#ask("#{pane_pid}"));
  }

  async exitCode({ timeout = DEFAULT_TIMEOUT }: WaitOptions = {}): Promise<number> {
    return await this.#poll(timeout, "end", () => this.#end());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { stdout } = await this.#tmux("display-message", "-p", "#{pane_tty}");
    const terminal = new TextDecoder().decode(stdout).trim();
    const processes = terminal === "" ? [] : await ps("pid=", "-t", terminal.replace("/dev/", ""));
    await this.#tmux("kill-server");
    await waitForEnd(processes);
    this.#folder[Symbol.dispose]();
  }

  async #end(): Promise<number | undefined> {
    const state = await this.#ask("#{pane_dead}/#{pane_dead_status}/#{pane_dead_signal}");
    const [, status, signal] = state.match(/^1\/(\d*)\/(\d*)$/) ?? [];
    if (signal) return 128 + Number(signal);
    if (status) return Number(status);
    // Now and then tmux misses that a child has ended; the end of another one makes it look again.
    if (state.startsWith("1/")) await this.#run("run-shell", "true");
    return undefined;
  }

  async #poll<T>(
    timeout: number,
    wanted: string,
    look: () => Promise<T | undefined>,
  ): Promise<T> {
    for (let waited = 0; waited < timeout; waited += INTERVAL) {
      const found = await look();
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    }
    const screen = await this.capture({ scrollback: true });
    throw new Error(`The program did not ${wanted} within ${timeout} ms:\n${screen}`);
  }

  async #ask(format: string): Promise<string> {
    return (await this.#run("display-message", "-p", format)).trimEnd();
  }

  async #run(...args: string[]): Promise<string> {
    const { success, stdout, stderr } = await this.#tmux(...args);
    const decoder = new TextDecoder();
    if (!success) throw new Error(`Cannot tmux ${args.join(" ")}: ${decoder.decode(stderr)}`);
    return decoder.decode(stdout);
  }

  async #tmux(...args: string[]): Promise<Deno.CommandOutput> {
    // A socket of its own, so that nobody else's server is met.
    return await new Deno.Command("tmux", {
      args: ["-S", this.#folder.join("socket"), ...args],
      clearEnv: true,
      env: this.#env,
      stdin: "null",
    }).output();
  }
}

/**
 * Waits until processes that have lost their terminal have ended, so that they write nothing more
 * into their home; who doesn't end within two seconds is killed.
 */
async function waitForEnd(processes: readonly string[]): Promise<void> {
  if (processes.length === 0) return;
  for (let waited = 0;; waited += INTERVAL) {
    const states = await ps("pid=,stat=", "-p", processes.join(","));
    const alive = states.map((line) => line.split(/\s+/)).filter(([, state]) => state?.[0] !== "Z");
    if (alive.length === 0) return;
    if (waited > 2_000) {
      for (const [process] of alive) kill(Number(process));
    }
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  }
}

function kill(process: number): void {
  try {
    Deno.kill(process, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** What `ps` says of some processes, a line each. */
async function ps(format: string, ...choice: string[]): Promise<string[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", format, ...choice] }).output();
  return new TextDecoder().decode(stdout).split("\n").map((line) => line.trim()).filter(Boolean);
}
