import { Command, EnumType } from "@cliffy/command";
import type { Deps } from "../../app/deps.ts";
import { usageError } from "../../app/errors.ts";
import { expiryOf } from "../../config/token_cache.ts";
import { toJson } from "../../render/json.ts";
import { safeText, sanitize } from "../../render/safe_text.ts";
import { notice } from "../notice.ts";

const FORMATS = ["raw", "json"] as const;

export interface GetTokenOptions {
  /** Hours for which the token is to be valid. */
  readonly hours: number;
  readonly format?: typeof FORMATS[number] | undefined;
}

export function getTokenCommand(deps: Deps, run = getToken) {
  return new Command()
    .description(
      "Print a new token.\n\n" +
        "Whoever has it may do all that the credentials may, until it expires.",
    )
    .type("format", new EnumType(FORMATS))
    .option("--hours <n:number>", "Hours until it expires", { default: 1 })
    .option("--format <format:format>", "raw (the token alone, default) or json (with its expiry)")
    .example("For a shell", "export LC_TOKEN=$(limacharlie auth get-token)")
    .example("For a long job", "limacharlie auth get-token --hours 8 --format json")
    .action((options) => run(options, deps));
}

/** @throws {CliError} exit 2 without valid credentials, exit 4 on an impossible time */
export async function getToken({ hours, format }: GetTokenOptions, deps: Deps): Promise<void> {
  if (!Number.isFinite(hours) || hours <= 0) {
    throw usageError(`Invalid number of hours ${hours}: it must be more than 0`);
  }
  if (hours > 24) {
    notice(deps, `Warning: a token that is valid for ${hours} hours is a risk for as long`);
  }
  const { credentials, token: source } = await deps.openAccount();
  const now = Math.floor(deps.clock.now() / 1000);
  const asked = now + Math.floor(hours * 3600);
  const token = await source.mint(asked);
  const json = (format ?? deps.flags.output) === "json";
  if (!json) {
    deps.terminal.stdout.write(sanitize(`${token}\n`));
    return;
  }
  // The service may grant less time than was asked for.
  const expiry = expiryOf(token) ?? asked;
  const described = {
    token,
    expiry,
    expiry_iso: new Date(expiry * 1000).toISOString().replace(/\.\d+Z$/, "+00:00"),
    valid_hours: Math.round((expiry - now) / 36) / 100,
    oid: credentials.oid ?? null,
  };
  deps.terminal.stdout.write(safeText`${toJson(described, 2)}\n`);
}
