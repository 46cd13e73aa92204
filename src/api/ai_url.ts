import type { Environment } from "../app/deps.ts";
import { isObject } from "../protocol/frames.ts";
import { hasStatus } from "./errors.ts";
import { baseUrl, DEFAULT_AI_URL, type Hosts } from "./hosts.ts";
import { pathSegment } from "./path_segment.ts";
import type { Rest } from "./rest.ts";
import { CliError } from "../app/errors.ts";
import { ExitCode } from "../app/exit_codes.ts";

/**
 * Looks up where the AI sessions of an organization are. Without an organization, and where the
 * platform names no place, they are at the default one.
 *
 * @param rest the platform API, which answers this without credentials
 * @throws {CliError} exit 3 on an unknown organization, exit 6 or 9 without an answer
 */
export async function lookUpAiUrl(
  rest: Rest,
  { ai, api }: Hosts,
  oid: string | undefined,
  env: Environment,
): Promise<string> {
  if (ai !== undefined) return ai;
  if (oid === undefined) return DEFAULT_AI_URL;
  try {
    const answer = await rest.call({
      action: "look up the organization's AI host",
      path: `/v1/orgs/${pathSegment(oid, "organization ID")}/url`,
    });
    // Some answers have no object around the URLs.
    const urls = isObject(answer["url"]) ? answer["url"] : answer;
    const url = urls["ai"];
    if (typeof url !== "string" || url === "") return DEFAULT_AI_URL;
    return baseUrl(url, `the answer of ${new URL(api).host}`, env);
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
    throw new CliError(`No organization "${oid}" at ${new URL(api).host}`, {
      exitCode: ExitCode.NotFound,
      hint: "Check --oid, LC_OID and the configuration file",
      cause: error,
    });
  }
}
