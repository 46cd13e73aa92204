import { assertEquals } from "@std/assert";
import { executableKind } from "../../../../src/commands/upgrade/executable_kind.ts";

const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0));

/** The first bytes of an ELF file, as its specification draws them. */
const elf = (machine: number, { class: size = 2, order = 1 } = {}) =>
  new Uint8Array([0x7f, ...ascii("ELF"), size, order, 1, ...Array(9).fill(0), 3, 0, machine, 0]);

/** The first bytes of a PE file, with its header behind a stub of 128 bytes. */
function pe(machine: number, signature = "PE\0\0"): Uint8Array {
  const bytes = new Uint8Array(160);
  bytes.set(ascii("MZ"));
  bytes[60] = 128;
  bytes.set([...ascii(signature), machine & 0xff, machine >> 8], 128);
  return bytes;
}

const machO = (type: number) => new Uint8Array([0xcf, 0xfa, 0xed, 0xfe, type, 0, 0, 1, 0, 0, 0, 0]);

Deno.test("executableKind() knows Linux, macOS and Windows on both processors", () => {
  assertEquals(executableKind(elf(0x3e)), { os: "linux", arch: "x86_64" });
  assertEquals(executableKind(elf(0xb7)), { os: "linux", arch: "aarch64" });
  assertEquals(executableKind(machO(7)), { os: "darwin", arch: "x86_64" });
  assertEquals(executableKind(machO(12)), { os: "darwin", arch: "aarch64" });
  assertEquals(executableKind(pe(0x8664)), { os: "windows", arch: "x86_64" });
  assertEquals(executableKind(pe(0xaa64)), { os: "windows", arch: "aarch64" });
});

Deno.test("executableKind() knows the executable that runs", async () => {
  const { os, arch } = Deno.build;
  assertEquals<unknown>(executableKind(await Deno.readFile(Deno.execPath())), { os, arch });
});

Deno.test("executableKind() is undefined for anything else", () => {
  const others = {
    nothing: new Uint8Array(),
    script: new TextEncoder().encode("#!/bin/sh\nexec limacharlie\n"),
    "ELF for 32-bit": elf(0x03, { class: 1 }),
    "ELF for s390x": elf(0x16, { order: 2 }),
    "ELF for RISC-V": elf(0xf3),
    "half an ELF header": elf(0x3e).subarray(0, 18),
    "Mach-O for many": new Uint8Array([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2]),
    "half a Mach-O header": machO(7).subarray(0, 6),
    "PE for ARM of 32 bits": pe(0x01c4),
    "an MS-DOS program": pe(0x8664, "NE\0\0"),
    "a cut PE": pe(0x8664).subarray(0, 130),
  };
  for (const [name, bytes] of Object.entries(others)) {
    assertEquals(executableKind(bytes), undefined, name);
  }
});
