import { Command } from "@cliffy/command";
import { missingOrganization } from "../../api/token.ts";
import type { Deps } from "../../app/deps.ts";
import { isObject, type JsonObject } from "../../protocol/frames.ts";

export interface WhoamiOptions {
  readonly showPerms?: true | undefined;
  readonly checkPerm?: string | undefined;
}

export function whoamiCommand(deps: Deps, run = whoami) {
  return new Command()
    .description(
      "Show who the credentials belong to.\n\n" +
        "Shown are the identity and the organizations that it may enter, and with --show-perms " +
        "what it may do there.",
    )
    .option("--show-perms", "Show the permissions too")
    .option("--check-perm <name:string>", "Show only whether this permission is there")
    .example("Who", "limacharlie auth whoami")
    .example("May sessions be watched?", "limacharlie auth whoami --check-perm ai_agent.get")
    .action((options) => run(options, deps));
}

/** @throws {CliError} exit 2 without valid credentials */
export async function whoami(options: WhoamiOptions, deps: Deps): Promise<void> {
  const output = await deps.output();
  await output.check();
  const { credentials: { oid, uid }, identity } = await deps.openAccount();
  const { checkPerm } = options;
  if (checkPerm !== undefined && oid === undefined) throw missingOrganization("check a permission");
  const answer = await identity.who();
  const shown = checkPerm !== undefined
    ? { perm: checkPerm, has_perm: permissionsIn(answer, oid).includes(checkPerm) }
    : {
      ...(oid === undefined ? {} : { oid }),
      ...(uid === undefined ? {} : { uid }),
      ...(options.showPerms ? readable(answer) : withoutPermissions(answer)),
    };
  await output.value(shown);
}

/** What the caller may do in an organization: a key's `perms`, a user's `user_perms` for it. */
function permissionsIn({ perms, user_perms }: JsonObject, oid: string | undefined): unknown[] {
  const ofUser = isObject(user_perms) && oid !== undefined ? user_perms[oid] : undefined;
  return [perms, ofUser].flatMap((list) => Array.isArray(list) ? list : []);
}

function withoutPermissions({ perms: _, user_perms: __, ...rest }: JsonObject): JsonObject {
  return rest;
}

/** Lists of permissions on one line each, as the Python CLI shows them. */
function readable(answer: JsonObject): JsonObject {
  const join = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.join(", ")
      : isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, list]) => [key, join(list)]))
      : value;
  const { perms, user_perms } = answer;
  return {
    ...answer,
    ...(perms === undefined ? {} : { perms: join(perms) }),
    ...(user_perms === undefined ? {} : { user_perms: join(user_perms) }),
  };
}
