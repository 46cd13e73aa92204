/** A JSR of the test's own. */
export interface Jsr extends AsyncDisposable {
  /** For the variable JSR_URL. */
  readonly url: string;
}

/**
 * Serves packages of one module each, as JSR does.
 *
 * @param packages the module's source by name and version, as in `@cliffy/command@1.2.1`
 */
export async function serveJsr(packages: Readonly<Record<string, string>>): Promise<Jsr> {
  const files = new Map<string, string>();
  for (const [specifier, source] of Object.entries(packages)) {
    const [, scope, name, version] = specifier.match(/^@(\w+)\/(\w+)@(.+)$/) ?? [];
    const folder = `/@${scope}/${name}`;
    const versions = { [`${version}`]: {} };
    files.set(`${folder}/meta.json`, JSON.stringify({ scope, name, versions }));
    files.set(`${folder}/${version}_meta.json`, await describe(source));
    files.set(`${folder}/${version}/mod.ts`, source);
  }
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const file = files.get(new URL(request.url).pathname);
    return new Response(file ?? null, { status: file === undefined ? 404 : 200 });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function describe(source: string): Promise<string> {
  const bytes = new TextEncoder().encode(source);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return JSON.stringify({
    manifest: { "/mod.ts": { size: bytes.length, checksum: `sha256-${hash.toHex()}` } },
    exports: { ".": "./mod.ts" },
  });
}
