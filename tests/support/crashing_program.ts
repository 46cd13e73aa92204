// The program, which breaks down by a mistake of its own on SIGUSR2.
Deno.addSignalListener(
  "SIGUSR2",
  () => void Promise.reject(new Error("Out of the blue \x1b[31m")),
);
await import("../../main.ts");
