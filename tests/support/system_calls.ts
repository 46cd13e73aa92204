import { which } from "./skip.ts";

/** What a program has done to the rest of the machine, as strace saw it. */
export interface SystemCalls {
  /** Programs that were started, the traced one first. */
  readonly started: readonly string[];
  /** Paths that were written, made, moved, changed or removed, or tried to be. */
  readonly changed: readonly string[];
  /** Addresses that were connected, sent to or listened on, as strace prints them. */
  readonly addresses: readonly string[];
}

/** The command that has strace follow a program and its children, and write to a file. */
export function traced(log: string, command: readonly string[]): string[] {
  const strace = which("strace") ?? "strace";
  const calls = "trace=file,network,ftruncate,fchmod,fchown";
  // -y: where a call names a file by its number, its path is shown too.
  return [strace, "-f", "-y", "-s", "4096", "-e", calls, "-o", log, ...command];
}

/** Calls that reach somebody outside of the process. */
const OUTWARD = /^(bind|connect|listen|accept4?|sendto|sendmsg|sendmmsg)$/;

/** Other calls of the network. */
const INWARD = /^(socket|socketpair|shutdown|recv\w+|[gs]etsockopt|getsockname|getpeername)$/;

/** Calls that open or make a file. */
const OPENING = /^(open|openat|openat2|creat)$/;

/** Calls that only look at files. */
const LOOKING = new RegExp(
  "^(access|faccessat2?|chdir|fstatfs|getcwd|l?stat|newfstatat|readlink|readlinkat|statfs|statx)$",
);

/** Reads what `traced` has written; an unknown call counts as one that changes something. */
export function readSystemCalls(log: string): SystemCalls {
  const [started, changed, addresses]: [string[], string[], string[]] = [[], [], []];
  for (const line of log.split("\n")) {
    const [, call, args] = line.match(/^\d+ +(\w+)\((.*)$/) ?? [];
    if (call === undefined || args === undefined) continue;
    const paths = [...args.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, path = ""]) => path);
    if (OUTWARD.test(call)) {
      const address = args.match(/\{sa_family=[^}]*\}/)?.[0];
      if (address !== undefined) addresses.push(address);
    } else if (call === "execve") {
      started.push(paths[0] ?? "");
    } else if (OPENING.test(call)) {
      if (call === "creat" || /O_(WRONLY|RDWR|CREAT|TRUNC)/.test(args)) changed.push(...paths);
    } else if (!INWARD.test(call) && !LOOKING.test(call)) {
      changed.push(...(paths.length > 0 ? paths : [args]));
    }
  }
  return { started, changed, addresses };
}
