import { temporaryFolder } from "./home.ts";
import { type Need, tool } from "./skip.ts";

/** What {@linkcode createCertificates} needs. */
export const TLS_NEED: Need = tool("openssl");

/** A certificate authority of the test's own, and a server certificate that it has signed. */
export interface Certificates extends Disposable {
  /** File with the authority's certificate, for DENO_CERT. */
  readonly caFile: string;
  /** The authority's common name, which no other one has. */
  readonly authority: string;
  /** The authority's certificate as PEM, for `Deno.createHttpClient({ caCerts })`. */
  readonly ca: string;
  /** The server's certificate as PEM, valid for localhost, 127.0.0.1, ::1 and the given names. */
  readonly cert: string;
  /** The server's key as PEM. */
  readonly key: string;
}

/**
 * Makes certificates that are valid for a day, for loopback and for further names. The files go at the end of the scope.
 *
 * @throws {Error} with what openssl said, when it fails
 */
export async function createCertificates(...names: string[]): Promise<Certificates> {
  const folder = temporaryFolder("limacharlie-tls-");
  const authority = `Test authority ${crypto.randomUUID()}`;
  const subjects = [
    "DNS:localhost",
    "IP:127.0.0.1",
    "IP:::1",
    ...names.map((name) => `DNS:${name}`),
  ];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  try {
    await openssl(folder.path, [
      ...["req", "-x509", ...key, "-days", "1", "-subj", `/CN=${authority}`],
      ...["-addext", "keyUsage=critical,keyCertSign"],
      ...["-keyout", "ca.key", "-out", "ca.pem"],
    ]);
    await openssl(folder.path, [
      ...["req", "-x509", ...key, "-days", "1", "-subj", "/CN=localhost"],
      ...["-CA", "ca.pem", "-CAkey", "ca.key"],
      ...["-addext", `subjectAltName=${subjects.join(",")}`],
      ...["-addext", "basicConstraints=critical,CA:FALSE"],
      ...["-keyout", "server.key", "-out", "server.pem"],
    ]);
    return {
      caFile: folder.join("ca.pem"),
      authority,
      ca: await Deno.readTextFile(folder.join("ca.pem")),
      cert: await Deno.readTextFile(folder.join("server.pem")),
      key: await Deno.readTextFile(folder.join("server.key")),
      [Symbol.dispose]: () => folder[Symbol.dispose](),
    };
  } catch (error) {
    folder[Symbol.dispose]();
    throw error;
  }
}

async function openssl(cwd: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", { args: [...args], cwd }).output();
  if (!success) throw new Error(`Cannot make a certificate: ${new TextDecoder().decode(stderr)}`);
}
