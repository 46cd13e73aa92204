import type { JsonObject } from "../protocol/frames.ts";
import { ORGANIZATIONS } from "./accounts.ts";

/** A record as `GET …/data` answers it; `data` is an object, or the JSON text of one. */
export interface HiveRecord {
  readonly data: JsonObject | string;
}

const { acme, globex } = ORGANIZATIONS;

/** Records that exist from the start, by hive, organization and key. */
export const HIVE_RECORDS: Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, JsonObject | string>>>>>
> = {
  ai_agent: {
    [acme.oid]: {
      "triage-bot": {
        prompt: "Triage the detection below and say whether it needs a person.",
        name: "Triage",
        anthropic_secret: "hive://secret/anthropic-key",
        lc_api_key_secret: "hive://secret/lc-api-key",
        model: "claude-sonnet-4-6",
        max_turns: 30,
        max_budget_usd: 2.5,
        ttl_seconds: 1800,
        one_shot: true,
        permission_mode: "bypassPermissions",
        allowed_tools: ["Read", "Bash(jq:*)"],
        denied_tools: ["Write", "Edit", "WebFetch"],
        plugins: ["lc-essentials"],
        environment: { LOG_LEVEL: "info", SLACK_WEBHOOK: "hive://secret/slack-webhook" },
        mcp_servers: {
          virustotal: {
            type: "http",
            url: "https://vt-mcp.example.com",
            headers: { "x-apikey": "hive://secret/vt-api-key" },
          },
          ticketing: {
            type: "stdio",
            command: "/usr/bin/tickets",
            args: ["--queue", "soc"],
            env: { TICKET_TOKEN: "hive://secret/ticket-token" },
          },
        },
      },
      // As older records come: the data as JSON text.
      "nightly-sweep": JSON.stringify({
        prompt: "Sweep the fleet for unsigned autoruns.",
        anthropic_secret: "hive://secret/anthropic-key",
        lc_uid_secret: "hive://secret/lc-uid",
        one_shot: true,
      }),
      "tier 1/phishing": {
        prompt: "Look at the reported mail.",
        anthropic_secret: "hive://secret/anthropic-key",
      },
      "lost-secret": {
        prompt: "Never starts: its secret is not there.",
        anthropic_secret: "hive://secret/gone",
      },
      "open-model": {
        prompt: "Runs on another provider.",
        provider: "openai",
        credentials: { api_key: "hive://secret/openai-key" },
        model: "gpt-5",
      },
    },
    [globex.oid]: {
      "helpdesk": { prompt: "Answer the ticket.", anthropic_secret: "hive://secret/anthropic-key" },
    },
  },
  secret: {
    [acme.oid]: {
      "anthropic-key": { secret: "sk-ant-api03-emulated-acme" },
      "openai-key": { secret: "sk-emulated-openai" },
      "lc-api-key": { secret: "4d0b7f7e-9f0c-4b8e-a2b1-6d5c4b3a2918" },
      "lc-uid": { secret: "Pz4mXc8vBn2aSd6fGh0jKl3qWe7R" },
      "slack-webhook": JSON.stringify({ secret: "https://hooks.example.com/T0/B0/emulated" }),
      "vt-api-key": { secret: "emulated-virustotal-key" },
      "ticket-token": { secret: "emulated-ticket-token" },
    },
    [globex.oid]: { "anthropic-key": { secret: "sk-ant-api03-emulated-globex" } },
  },
};

/** The records of all organizations. */
export class Hive {
  /** By hive and organization, then by key. */
  readonly #hives = new Map<string, Map<string, JsonObject | string>>();

  constructor() {
    for (const [hive, organizations] of Object.entries(HIVE_RECORDS)) {
      for (const [oid, records] of Object.entries(organizations)) {
        for (const [key, data] of Object.entries(records)) this.set(hive, oid, key, data);
      }
    }
  }

  set(hive: string, oid: string, key: string, data: JsonObject | string): void {
    const id = JSON.stringify([hive, oid]);
    const records = this.#hives.get(id) ?? new Map<string, JsonObject | string>();
    this.#hives.set(id, records.set(key, data));
  }

  get(hive: string, oid: string, key: string): JsonObject | string | undefined {
    return this.list(hive, oid).get(key);
  }

  /** Every record of a hive, by its key. */
  list(hive: string, oid: string): ReadonlyMap<string, JsonObject | string> {
    return this.#hives.get(JSON.stringify([hive, oid])) ?? new Map<string, JsonObject | string>();
  }
}
