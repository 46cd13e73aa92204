import { resolveCredentials } from "../config/credentials.ts";
import { locateConfig } from "../config/paths.ts";
import { DEFAULT_ENVIRONMENT } from "../config/section.ts";
import { firstSteps, type SignedIn } from "../help/first_steps.ts";
import { fitColumns } from "../help/fit_columns.ts";
import { safeText, sanitize, sanitizeLine } from "../render/safe_text.ts";
import type { GlobalFlags, Process } from "./deps.ts";
import { messageOf } from "./errors.ts";

/** Says what to do first, which is something else for who is signed in. The service is not asked. */
export async function showFirstSteps(flags: GlobalFlags, process: Process): Promise<void> {
  const { terminal } = process;
  let signedIn: SignedIn | undefined;
  try {
    signedIn = await whoIsSignedIn(flags, process);
  } catch (error) {
    terminal.stderr.write(safeText`${sanitizeLine(messageOf(error))}\n`);
  }
  const text = fitColumns(firstSteps(signedIn), terminal.size().columns);
  terminal.stdout.write(sanitize(text));
}

async function whoIsSignedIn(
  flags: GlobalFlags,
  { env }: Process,
): Promise<SignedIn | undefined> {
  const { credentials } = await resolveCredentials(flags, env, await locateConfig(env));
  const { apiKey, oauth, oid, environment } = credentials;
  if (apiKey === undefined && oauth === undefined) return undefined;
  return { oid, environment: environment === DEFAULT_ENVIRONMENT ? undefined : environment };
}
