import { Buffer } from "node:buffer";
import config from "../../../deno.json" with { type: "json" };

/** What an executable file runs on, in the words of `Deno.build`. */
export interface ExecutableKind {
  readonly os: "linux" | "darwin" | "windows";
  readonly arch: "x86_64" | "aarch64";
}

/**
 * Reads from the first bytes of a file what it runs on: ELF, Mach-O or PE, 64-bit and little-endian.
 *
 * @returns undefined for any other file
 */
export function executableKind(bytes: Uint8Array): ExecutableKind | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return elf(view) ?? machO(view) ?? portableExecutable(view);
}

/**
 * Whether an executable is of this program, in any version: each has its deno.json in it, far behind
 * the base, so that one that was cut off mostly has not.
 */
export function isThisProgram({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): boolean {
  return Buffer.from(buffer, byteOffset, length).includes(config.name);
}

/** ELF: class 64-bit, little-endian, and the machine at byte 18. */
function elf(view: DataView): ExecutableKind | undefined {
  if (view.byteLength < 20 || view.getUint32(0) !== 0x7f454c46 || view.getUint16(4) !== 0x0201) {
    return undefined;
  }
  return of("linux", view.getUint16(18, true), { x86_64: 0x3e, aarch64: 0xb7 });
}

/** Mach-O of one architecture: the type of processor follows the magic number. */
function machO(view: DataView): ExecutableKind | undefined {
  if (view.byteLength < 8 || view.getUint32(0, true) !== 0xfeedfacf) return undefined;
  return of("darwin", view.getUint32(4, true), { x86_64: 0x01000007, aarch64: 0x0100000c });
}

/** PE: "MZ", and at byte 60 where "PE" and the machine are. */
function portableExecutable(view: DataView): ExecutableKind | undefined {
  if (view.byteLength < 64 || view.getUint16(0) !== 0x4d5a) return undefined;
  const start = view.getUint32(60, true);
  if (start + 6 > view.byteLength || view.getUint32(start) !== 0x50450000) return undefined;
  return of("windows", view.getUint16(start + 4, true), { x86_64: 0x8664, aarch64: 0xaa64 });
}

function of(
  os: ExecutableKind["os"],
  machine: number,
  machines: Readonly<Record<ExecutableKind["arch"], number>>,
): ExecutableKind | undefined {
  for (const arch of ["x86_64", "aarch64"] as const) {
    if (machines[arch] === machine) return { os, arch };
  }
  return undefined;
}
