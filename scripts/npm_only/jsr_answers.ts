// Exits 0 when JSR serves a package that this project needs, 1 when it does not.
const jsr = Deno.env.get("JSR_URL") ?? "https://jsr.io/";
try {
  const response = await fetch(new URL("@cliffy/command/meta.json", jsr), {
    signal: AbortSignal.timeout(5_000),
  });
  await response.json();
  if (!response.ok) Deno.exit(1);
} catch {
  Deno.exit(1);
}
