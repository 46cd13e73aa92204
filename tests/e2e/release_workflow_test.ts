import { assertEquals, assertMatch } from "@std/assert";
import { parse } from "yaml";
import { ROOT } from "../../scripts/deno_call.ts";
import { TARGETS } from "../../scripts/executable.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly "timeout-minutes"?: number;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { readonly include: readonly Record<string, unknown>[] } };
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly "timeout-minutes"?: number;
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

async function readWorkflow(name: string): Promise<{ text: string; workflow: Workflow }> {
  const text = await Deno.readTextFile(`${ROOT}/.github/workflows/${name}.yml`);
  return { text, workflow: parse(text) };
}

for (const name of ["ci", "release"]) {
  Deno.test(`the workflow ${name} uses actions by their commit, and keeps no credentials`, async () => {
    const { text, workflow } = await readWorkflow(name);
    const jobs = Object.values(workflow.jobs);
    const steps = jobs.flatMap((job) => job.steps);
    const actions = steps.flatMap(({ uses }) => uses === undefined ? [] : [uses]);
    for (const action of actions) assertMatch(action, /^actions\/[a-z-]+@[0-9a-f]{40}$/);
    assertEquals(
      [...text.matchAll(/uses: \S+ # v\d+\.\d+\.\d+$/gm)].length,
      actions.length,
      "each says its version",
    );
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    const kept = checkouts.filter((step) => step.with?.["persist-credentials"] !== false);
    assertEquals(kept, []);
    for (const job of jobs) assertEquals(typeof job["timeout-minutes"], "number");
  });
}

Deno.test("the workflow release gives each job no more than it needs", async () => {
  const { workflow } = await readWorkflow("release");
  assertEquals(workflow.permissions, {});
  const read = { contents: "read" };
  const permissions = Object.entries(workflow.jobs).map(([name, job]) => [name, job.permissions]);
  assertEquals(Object.fromEntries(permissions), {
    gate: read,
    build: read,
    compare: read,
    smoke: read,
    attest: { "id-token": "write", attestations: "write" },
    verify: { ...read, attestations: "read" },
    draft: { contents: "write" },
  });
});

Deno.test("the workflow release drafts only what was tried, attested and verified, from JSR", async () => {
  const { workflow: { jobs, env } } = await readWorkflow("release");
  assertEquals(env, { LC_DEV_SOURCE: "jsr" });
  for (const { env = {} } of Object.values(jobs)) assertEquals("LC_DEV_SOURCE" in env, false);
  const needed = (name: string): string[] => {
    const own = [jobs[name]?.needs ?? []].flat();
    return [...own, ...own.flatMap(needed)];
  };
  assertEquals(
    new Set(needed("draft")),
    new Set(Object.keys(jobs).filter((name) => name !== "draft")),
  );
  const tried = jobs["smoke"]?.strategy?.matrix.include.map(({ target }) => target);
  assertEquals(tried, [...TARGETS]);
});

Deno.test("the workflow release goes on where tests hang that only tell", async () => {
  const { workflow: { jobs: { gate } } } = await readWorkflow("release");
  const tests = gate?.steps.find(({ run }) => run === "$COMMAND");
  // A step that takes too long has failed; the job would be cancelled, and with it all that needs it.
  const [own = Infinity, whole = 0] = [tests?.["timeout-minutes"], gate?.["timeout-minutes"]];
  assertEquals(own < whole, true);
});

Deno.test("the workflow release has scripts as its steps, which are there, and no text from outside", async () => {
  const { workflow } = await readWorkflow("release");
  const lines = Object.values(workflow.jobs).flatMap(({ steps }) => steps)
    .flatMap(({ run }) => run === undefined ? [] : [run]);
  for (const line of lines) {
    assertEquals(line.includes("${{"), false, line);
    assertEquals(line.includes("\n"), false, line);
    const script = line.match(/^scripts\/release\/\w+\.sh\b/)?.[0];
    if (script === undefined) assertMatch(line, /^(\$COMMAND|cp "\$BUNDLE" .*)$/);
    else assertEquals(((await Deno.stat(`${ROOT}/${script}`)).mode ?? 0o100) & 0o100, 0o100);
  }
});
