// Exits 0 when JSR serves a package that this project needs, 1 when it does not.
try {
  const response = await fetch("https://jsr.io/@cliffy/command/meta.json", {
    signal: AbortSignal.timeout(5_000),
  });
  await response.json();
  if (!response.ok) Deno.exit(1);
} catch {
  Deno.exit(1);
}
