import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CliError } from "../../../src/app/errors.ts";
import { ExitCode } from "../../../src/app/exit_codes.ts";
import { authorityStores, readAuthorities } from "../../../src/net/authorities.ts";
import { fakeEnvironment } from "../../support/fakes.ts";
import { temporaryFolder } from "../../support/home.ts";
import { testWith } from "../../support/skip.ts";
import { createCertificates, TLS_NEED } from "../../support/tls.ts";

testWith([TLS_NEED], "readAuthorities() reads every file that is named", async () => {
  using one = await createCertificates();
  using other = await createCertificates();
  using folder = temporaryFolder();
  const both = folder.join("both.pem");
  await Deno.writeTextFile(
    both,
    `Two authorities\r\n${one.ca.replaceAll("\n", "\r\n")}\n${other.ca}`,
  );
  const env = fakeEnvironment({ LC_CA_FILE: both, DENO_CERT: other.caFile });
  assertEquals(
    readAuthorities(env, one.caFile).map(({ source, path, count }) => ({ source, path, count })),
    [
      { source: "--ca-file", path: one.caFile, count: 1 },
      { source: "LC_CA_FILE", path: both, count: 2 },
      { source: "DENO_CERT", path: other.caFile, count: 1 },
    ],
  );
  assertEquals(readAuthorities(fakeEnvironment({ LC_CA_FILE: "" }), undefined), []);
});

testWith([TLS_NEED], "readAuthorities() takes certificates only, and whole ones", async () => {
  using certificates = await createCertificates();
  using folder = temporaryFolder();
  const path = folder.join("bad.pem");
  const broken = certificates.ca.replace(/\n.{8}/, "\nAAAAAAAA");
  for (const text of ["", certificates.key, broken, broken.replace("AAAA", "!!!!")]) {
    await Deno.writeTextFile(path, text);
    const error = assertThrows(() => readAuthorities(fakeEnvironment(), path), CliError);
    assertEquals(error.exitCode, ExitCode.Usage);
    assertStringIncludes(error.message, `Cannot use the certificates in "${path}" of --ca-file: `);
  }
});

Deno.test("authorityStores() knows the runtime's two", () => {
  const stores = (value: string) => authorityStores(fakeEnvironment({ DENO_TLS_CA_STORE: value }));
  assertEquals(authorityStores(fakeEnvironment()), ["mozilla"]);
  assertEquals(stores(" mozilla, system,"), ["mozilla", "system"]);
  for (const value of ["windows", "system;mozilla", ",", ""]) {
    assertEquals(assertThrows(() => stores(value), CliError).exitCode, ExitCode.Usage);
  }
});
