import { assertEquals } from "@std/assert";
import { billOfMaterials, type Materials } from "../../../../scripts/release/bill_of_materials.ts";

const MATERIALS: Materials = {
  program: { name: "limacharlie", version: "1.2.3", license: "MIT" },
  graph: {
    jsr: [{ name: "@cliffy/command", version: "1.2.1" }],
    npm: [{ name: "yaml", version: "2.9.1" }, { name: "@toon-format/toon", version: "4.4.0" }],
  },
  integrities: { "yaml@2.9.1": `sha512-${btoa("\x01\xff")}` },
  deno: "2.9.4",
  bases: [{ target: "x86_64-apple-darwin", url: "https://x.test/base.zip", sha256: "ab" }],
};

// deno-lint-ignore no-explicit-any
const parse = (materials: Materials): any => JSON.parse(billOfMaterials(materials));

Deno.test("billOfMaterials() names every part by a package URL, and its hash where known", () => {
  const { components } = parse(MATERIALS);
  assertEquals(
    components.map(({ name, purl, hashes }: Record<string, unknown>) => [name, purl, hashes]),
    [
      ["deno", "pkg:github/denoland/deno@v2.9.4", undefined],
      [
        "@cliffy/command",
        "pkg:npm/%40jsr/cliffy__command@1.2.1?repository_url=https://npm.jsr.io",
        undefined,
      ],
      ["yaml", "pkg:npm/yaml@2.9.1", [{ alg: "SHA-512", content: "01ff" }]],
      ["@toon-format/toon", "pkg:npm/%40toon-format/toon@4.4.0", undefined],
    ],
  );
});

Deno.test("billOfMaterials() has the hash of each base", () => {
  const [deno] = parse(MATERIALS).components;
  assertEquals(deno.externalReferences, [{
    type: "distribution",
    url: "https://x.test/base.zip",
    comment: "x86_64-apple-darwin",
    hashes: [{ alg: "SHA-256", content: "ab" }],
  }]);
});

Deno.test("billOfMaterials() has the program depend on every part, by references that exist", () => {
  const { metadata, components, dependencies } = parse(MATERIALS);
  const references = components.map((part: Record<string, unknown>) => part["bom-ref"]);
  assertEquals(new Set(references).size, components.length);
  assertEquals(dependencies[0], { ref: metadata.component["bom-ref"], dependsOn: references });
});

Deno.test("billOfMaterials() puts what was carried into the package that carried it", () => {
  const integrity = `sha512-${btoa("\x02")}`;
  const carrier = { name: "carrier", version: "3.0.0", integrity };
  const [, carried] = parse({ ...MATERIALS, carrier }).components;
  assertEquals(carried.purl, "pkg:npm/carrier@3.0.0");
  assertEquals(carried.hashes, [{ alg: "SHA-512", content: "02" }]);
  assertEquals(carried.components.map(({ name }: { name: string }) => name), ["@cliffy/command"]);
});

Deno.test("billOfMaterials() is the same every time", () => {
  assertEquals(billOfMaterials(MATERIALS), billOfMaterials(structuredClone(MATERIALS)));
});
