import { assertEquals, assertRejects } from "@std/assert";
import { testWith } from "../../support/skip.ts";
import { createCertificates, TLS_NEED } from "../../support/tls.ts";

testWith(
  [TLS_NEED],
  "createCertificates() makes a server that only its own authority vouches for",
  async () => {
    using certificates = await createCertificates();
    const { cert, key } = certificates;
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, cert, key, onListen() {} },
      () => new Response("hello"),
    );
    const url = `https://localhost:${server.addr.port}/`;
    using client = Deno.createHttpClient({ caCerts: [certificates.ca] });
    const response = await fetch(url, { client });
    assertEquals(await response.text(), "hello");
    await assertRejects(() => fetch(url), TypeError);
  },
);
