import { assertEquals, assertThrows } from "@std/assert";
import {
  billOfMaterials,
  type Materials,
  ownBillOfMaterials,
} from "../../../../scripts/release/bill_of_materials.ts";
import { readModuleGraph } from "../../../../scripts/release/module_graph.ts";

const MATERIALS: Materials = {
  program: { name: "limacharlie", version: "1.2.3", license: "MIT" },
  executables: [{ name: "limacharlie-1.2.3-x86_64-apple-darwin", sha256: "cd" }],
  jsr: [{ name: "@cliffy/command", version: "1.2.1" }],
  npm: [
    { name: "yaml", version: "2.9.1", license: "ISC" },
    { name: "@toon-format/toon", version: "4.4.0", license: "(MIT OR Apache-2.0)" },
  ],
  integrities: {
    npm: { "yaml@2.9.1": `sha512-${btoa("\x01\xff")}` },
    jsr: { "@cliffy/command@1.2.1": "ef" },
  },
  deno: "2.9.4",
  v8: "15.0.245.2-rusty",
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

Deno.test("billOfMaterials() has the license of every part, as one or as an expression", () => {
  const { components } = parse(MATERIALS);
  assertEquals(components.map(({ licenses }: Record<string, unknown>) => licenses), [
    [{ license: { id: "MIT" } }],
    [{ license: { id: "MIT" } }],
    [{ license: { id: "ISC" } }],
    [{ expression: "(MIT OR Apache-2.0)" }],
  ]);
  assertEquals(components[0].components, [{
    type: "library",
    "bom-ref": "pkg:github/v8/v8@15.0.245.2-rusty",
    name: "v8",
    version: "15.0.245.2-rusty",
    licenses: [{ license: { id: "BSD-3-Clause" } }],
    purl: "pkg:github/v8/v8@15.0.245.2-rusty",
  }]);
});

Deno.test("billOfMaterials() fails on a package of JSR whose license is not known", () => {
  const jsr = [{ name: "@else/thing", version: "1.0.0" }];
  assertThrows(() => billOfMaterials({ ...MATERIALS, jsr }), Error, "the license of @else/thing");
});

Deno.test("billOfMaterials() has the hash of each manifest of JSR", () => {
  const [, command] = parse(MATERIALS).components;
  assertEquals(command.externalReferences, [{
    type: "distribution",
    url: "https://jsr.io/@cliffy/command/1.2.1_meta.json",
    comment: "The manifest, which has the hash of every file",
    hashes: [{ alg: "SHA-256", content: "ef" }],
  }]);
});

Deno.test("billOfMaterials() has the hash of each executable that it is the bill of", () => {
  const { metadata: { component } } = parse(MATERIALS);
  const name = "limacharlie-1.2.3-x86_64-apple-darwin";
  const hashes = [{ alg: "SHA-256", content: "cd" }];
  assertEquals(component.components, [{ type: "file", "bom-ref": name, name, hashes }]);
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
  const carrier = { name: "carrier", version: "3.0.0", license: "MIT", integrity };
  const [, carried] = parse({ ...MATERIALS, carrier }).components;
  assertEquals(carried.purl, "pkg:npm/carrier@3.0.0");
  assertEquals(carried.hashes, [{ alg: "SHA-512", content: "02" }]);
  assertEquals(carried.components.map(({ name }: { name: string }) => name), ["@cliffy/command"]);
});

Deno.test("billOfMaterials() is the same every time", () => {
  assertEquals(billOfMaterials(MATERIALS), billOfMaterials(structuredClone(MATERIALS)));
});

/** A component, as far as ours have what CycloneDX knows. */
interface Part {
  readonly type?: string;
  readonly "bom-ref"?: string;
  readonly name?: string;
  readonly purl?: string;
  readonly licenses?: readonly { readonly license?: { readonly id?: string } }[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly externalReferences?: readonly Pick<Part, "hashes">[];
  readonly components?: readonly Part[];
}

const SPDX_IDS = ["Apache-2.0", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0"];
const HASH_LENGTHS: Readonly<Record<string, number>> = { "SHA-256": 64, "SHA-512": 128 };

/** What is wrong with a component by the schema of CycloneDX 1.6. */
function faultsOf(part: Part): string[] {
  const { type = "", name = "", purl, licenses = [], externalReferences = [] } = part;
  const faults: string[] = [];
  if (!["application", "library", "platform", "file"].includes(type)) faults.push("type");
  if (name === "") faults.push("name");
  if (type !== "file" && !/^pkg:[a-z]+\/[^@]+@[^@]+$/.test(purl ?? "")) faults.push("purl");
  const ids = licenses.map(({ license }) => license?.id ?? "");
  if (ids.length !== (type === "file" ? 0 : 1)) faults.push("number of licenses");
  if (!ids.every((id) => SPDX_IDS.includes(id))) faults.push(`license ${ids}`);
  for (
    const { alg, content } of [part, ...externalReferences].flatMap((each) => each.hashes ?? [])
  ) {
    if (!/^[0-9a-f]+$/.test(content) || content.length !== HASH_LENGTHS[alg]) faults.push("hash");
  }
  return faults.map((what) => `${name}: ${what}`);
}

function withParts(part: Part): Part[] {
  return [part, ...(part.components ?? []).flatMap(withParts)];
}

Deno.test("ownBillOfMaterials() is as the schema asks, with licenses and unique references", async () => {
  const digest = "0".repeat(64);
  const graph = await readModuleGraph();
  const bill = JSON.parse(
    await ownBillOfMaterials(graph, [{ name: "limacharlie", sha256: digest }], [
      { target: "x86_64-apple-darwin", url: "https://x.test/base.zip", sha256: digest },
    ]),
  );
  const parts: Part[] = [bill.metadata.component, ...bill.components].flatMap(withParts);
  assertEquals(parts.flatMap(faultsOf), []);
  const references = parts.map((part) => part["bom-ref"]);
  assertEquals(new Set(references).size, parts.length);
  const npm = parts.filter(({ name }) => graph.npm.some((each) => each.name === name));
  assertEquals(npm.map(({ hashes }) => hashes?.length), graph.npm.map(() => 1));
});
