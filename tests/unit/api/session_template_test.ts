import { assertEquals, assertRejects } from "@std/assert";
import {
  buildStartRequest,
  type StartContext,
  type TemplateOverrides,
} from "../../../src/api/session_template.ts";
import { CliError } from "../../../src/app/errors.ts";
import type { JsonObject } from "../../../src/protocol/frames.ts";

const CONTEXT: StartContext = {
  idempotentKey: "",
  resolve: (reference) => Promise.resolve(reference.replace("hive://secret/", "secret of ")),
};

/** A record as the marketplace publishes them: fields for rules only, a templated name. */
const TRIAGE = {
  anthropic_secret: "hive://secret/anthropic-key",
  lc_api_key_secret: "hive://secret/triage",
  prompt: "Look at the case.\n\n## Rules\n- Never guess.\n",
  name: "Triage - Case {{ .event.case_number }}",
  data: { oid: "routing.oid", case_number: "event.case_number" },
  debounce_key: "triage",
  model: "opus",
  max_turns: 50,
  max_budget_usd: 5,
  ttl_seconds: 1800,
  one_shot: true,
  permission_mode: "bypassPermissions",
};

const TRIAGE_REQUEST = {
  prompt: TRIAGE.prompt,
  anthropic_key: "secret of anthropic-key",
  trigger_source: "cli",
  lc_api_key: "secret of triage",
  name: TRIAGE.name,
  profile: {
    permission_mode: "bypassPermissions",
    model: "opus",
    max_turns: 50,
    max_budget_usd: 5,
    ttl_seconds: 1800,
    one_shot: true,
  },
};

/** A record with everything in it. */
const FULL = {
  prompt: "Sweep.",
  name: "Sweep",
  anthropic_secret: "hive://secret/a",
  lc_api_key_secret: "hive://secret/k",
  lc_uid_secret: "hive://secret/u",
  provider: "openai",
  credentials: { api_key: "hive://secret/o", org: "literal" },
  allowed_tools: ["Read"],
  denied_tools: ["Write"],
  permission_mode: "plan",
  model: "m",
  max_turns: 1,
  max_budget_usd: 2.5,
  task_budget_tokens: 3,
  ttl_seconds: 4,
  one_shot: true,
  plugins: ["p"],
  environment: { A: "1", B: "hive://secret/b" },
  mcp_servers: {
    web: { type: "http", url: "https://x.example", headers: { "x-key": "hive://secret/w" } },
    own: { type: "stdio", command: "t", args: ["--s"], env: { T: "hive://secret/t", D: "1" } },
  },
};

const FULL_PROFILE = {
  allowed_tools: ["Read"],
  denied_tools: ["Write"],
  permission_mode: "plan",
  model: "m",
  max_turns: 1,
  max_budget_usd: 2.5,
  task_budget_tokens: 3,
  ttl_seconds: 4,
  one_shot: true,
  plugins: ["p"],
  environment: { A: "1", B: "secret of b" },
  mcp_servers: {
    web: { type: "http", url: "https://x.example", headers: { "x-key": "secret of w" } },
    own: { type: "stdio", command: "t", args: ["--s"], env: { T: "secret of t", D: "1" } },
  },
};

const FULL_REQUEST = {
  prompt: "Sweep.",
  anthropic_key: "secret of a",
  trigger_source: "cli",
  lc_api_key: "secret of k",
  lc_uid: "secret of u",
  provider: "openai",
  credentials: { api_key: "secret of o", org: "literal" },
  name: "Sweep",
  profile: FULL_PROFILE,
};

interface Case {
  readonly name: string;
  readonly template: JsonObject;
  readonly overrides?: TemplateOverrides;
  readonly context?: Partial<StartContext>;
  readonly request: JsonObject;
}

/** A case in which one override changes the profile of the full record. */
function ofProfile(
  name: string,
  profile: NonNullable<TemplateOverrides["profile"]>,
): Case {
  return {
    name,
    template: FULL,
    overrides: { profile },
    request: { ...FULL_REQUEST, profile: { ...FULL_PROFILE, ...profile } },
  };
}

const CASES: readonly Case[] = [
  { name: "a published record as it is", template: TRIAGE, request: TRIAGE_REQUEST },
  { name: "a full record as it is", template: FULL, request: FULL_REQUEST },
  {
    name: "overrides that were not given",
    template: FULL,
    overrides: {
      prompt: undefined,
      profile: { model: undefined, plugins: undefined, one_shot: undefined },
      environment: undefined,
      credentials: undefined,
    },
    request: FULL_REQUEST,
  },
  {
    name: "an almost empty record",
    template: { anthropic_secret: "sk-ant-literal" },
    request: { prompt: "", anthropic_key: "sk-ant-literal", trigger_source: "cli" },
  },
  ofProfile("a model", { model: "other" }),
  ofProfile("max_turns", { max_turns: 9 }),
  ofProfile("max_budget_usd", { max_budget_usd: 0.5 }),
  ofProfile("task_budget_tokens", { task_budget_tokens: 9 }),
  ofProfile("ttl_seconds", { ttl_seconds: 9 }),
  ofProfile("one_shot off against a template's on", { one_shot: false }),
  ofProfile("a permission mode", { permission_mode: "acceptEdits" }),
  ofProfile("lists", { allowed_tools: ["A", "B"], denied_tools: ["C"], plugins: ["q", "r"] }),
  ofProfile("empty lists", { allowed_tools: [], denied_tools: [], plugins: [] }),
  {
    name: "a profile out of overrides alone",
    template: { anthropic_secret: "k" },
    overrides: { profile: { model: "m", allowed_tools: [] }, environment: { A: "1" } },
    request: {
      prompt: "",
      anthropic_key: "k",
      trigger_source: "cli",
      profile: { allowed_tools: [], model: "m", environment: { A: "1" } },
    },
  },
  {
    name: "an environment that is merged, the override's keys winning",
    template: FULL,
    overrides: { environment: { B: "hive://secret/new", C: "a=b" } },
    request: {
      ...FULL_REQUEST,
      profile: { ...FULL_PROFILE, environment: { A: "1", B: "secret of new", C: "a=b" } },
    },
  },
  {
    name: "credentials as literals",
    template: FULL,
    overrides: {
      anthropicKey: "sk-ant-x",
      lcApiKey: "key",
      lcUid: "uid",
      provider: "google",
      credentials: { region: "us" },
    },
    request: {
      ...FULL_REQUEST,
      anthropic_key: "sk-ant-x",
      lc_api_key: "key",
      lc_uid: "uid",
      provider: "google",
      credentials: { region: "us" },
    },
  },
  {
    name: "credentials as references",
    template: FULL,
    overrides: {
      anthropicKey: "hive://secret/1",
      lcApiKey: "hive://secret/2",
      lcUid: "hive://secret/3",
      credentials: { api_key: "hive://secret/4" },
    },
    request: {
      ...FULL_REQUEST,
      anthropic_key: "secret of 1",
      lc_api_key: "secret of 2",
      lc_uid: "secret of 3",
      credentials: { api_key: "secret of 4" },
    },
  },
  {
    name: "empty credentials, which leave the caller's own key",
    template: FULL,
    overrides: { anthropicKey: "", lcApiKey: "", lcUid: "", provider: "", credentials: {} },
    context: { ownApiKey: "own" },
    request: {
      prompt: "Sweep.",
      anthropic_key: "",
      trigger_source: "cli",
      lc_api_key: "own",
      name: "Sweep",
      profile: FULL_PROFILE,
    },
  },
  {
    name: "the caller's own key only where the template has none",
    template: TRIAGE,
    context: { ownApiKey: "own" },
    request: TRIAGE_REQUEST,
  },
  {
    name: "the caller's own key in place of an empty secret",
    template: { lc_api_key_secret: "hive://secret/k" },
    context: { ownApiKey: "own", resolve: () => Promise.resolve("") },
    request: { prompt: "", anthropic_key: "", trigger_source: "cli", lc_api_key: "own" },
  },
  {
    name: "a prompt, a name and an idempotency key",
    template: TRIAGE,
    overrides: { prompt: "Look again.", name: "Again" },
    context: { idempotentKey: "k-1" },
    request: {
      ...TRIAGE_REQUEST,
      prompt: "Look again.",
      name: "Again",
      idempotent_key: "k-1",
    },
  },
  {
    name: "prompt, name and event data that look like references, as they are",
    template: FULL,
    overrides: { prompt: "hive://secret/p", name: "hive://secret/n" },
    context: { idempotentKey: "hive://secret/i", eventYaml: "x: hive://secret/e\n" },
    request: {
      ...FULL_REQUEST,
      prompt: "hive://secret/p\n\nEvent data:\n```yaml\nx: hive://secret/e\n```",
      name: "hive://secret/n",
      idempotent_key: "hive://secret/i",
    },
  },
  {
    name: "event data that hold a fence, in a longer one",
    template: { prompt: "Look." },
    context: { eventYaml: "x: |-\n  ````\n  end\n" },
    request: {
      prompt: "Look.\n\nEvent data:\n`````yaml\nx: |-\n  ````\n  end\n`````",
      anthropic_key: "",
      trigger_source: "cli",
    },
  },
  {
    name: "fields of null, as they stand",
    template: { model: null, environment: null, mcp_servers: null, credentials: null, name: null },
    request: {
      prompt: "",
      anthropic_key: "",
      trigger_source: "cli",
      profile: { model: null },
    },
  },
];

for (const { name, template, overrides = {}, context = {}, request } of CASES) {
  Deno.test(`buildStartRequest() takes ${name}`, async () => {
    const built = await buildStartRequest(template, overrides, { ...CONTEXT, ...context });
    assertEquals(built, request);
  });
}

for (
  const [field, value] of Object.entries({ prompt: 1, environment: ["A=1"], mcp_servers: "x" })
) {
  Deno.test(`buildStartRequest() names ${field} of a template when it is ${value}`, async () => {
    const build = () => buildStartRequest({ [field]: value }, {}, CONTEXT);
    const error = await assertRejects(build, CliError, `"${field}"`);
    assertEquals(error.exitCode, 4);
  });
}
