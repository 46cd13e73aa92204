import { temporaryFolder } from "./home.ts";
import { startProgram } from "./program.ts";
import { type Need, tool } from "./skip.ts";
import { closedPort } from "./tcp.ts";

/** What {@linkcode startTinyproxy} needs: tinyproxy, from the Debian package of that name. */
export const TINYPROXY_NEED: Need = tool("tinyproxy");

export interface TinyproxyOptions {
  /** 127.0.0.1 unless given. */
  readonly hostname?: string;
  /** User and password without which it refuses. */
  readonly login?: readonly [user: string, password: string];
  /** `host:port` of the proxy to which it sends everything on. */
  readonly upstream: string;
}

/** A tinyproxy on loopback. */
export interface Tinyproxy extends AsyncDisposable {
  /** `host:port`, with brackets around an IPv6 address. */
  readonly address: string;
}

/**
 * Starts a tinyproxy; it stops at the end of its scope.
 *
 * @throws {Error} with what it said, when it doesn't come up
 */
export async function startTinyproxy(options: TinyproxyOptions): Promise<Tinyproxy> {
  const { hostname = "127.0.0.1", login, upstream } = options;
  const folder = temporaryFolder("limacharlie-tinyproxy-");
  const port = closedPort();
  const lines = [
    `Port ${port}`,
    `Listen ${hostname}`,
    "LogLevel Info",
    `Upstream http ${upstream}`,
    ...(login === undefined ? [] : [`BasicAuth ${login.join(" ")}`]),
  ];
  await Deno.writeTextFile(folder.join("tinyproxy.conf"), `${lines.join("\n")}\n`);
  const program = startProgram(["-d", "-c", folder.join("tinyproxy.conf")], {
    command: ["tinyproxy"],
    env: { PATH: Deno.env.get("PATH") ?? "" },
  });
  const stop = async () => {
    await program[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  };
  try {
    await program.stdout.waitFor("Accepting connections");
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    address: `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`,
    [Symbol.asyncDispose]: stop,
  };
}
