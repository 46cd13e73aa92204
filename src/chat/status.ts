import { count, counted, duration, money } from "../render/human.ts";
import { type SafeText, safeText, sanitize, sanitizeLine } from "../render/safe_text.ts";
import { twoColumns } from "../render/two_columns.ts";
import { widthOf } from "../render/width.ts";
import { describeTrouble, type LinkTrouble } from "./transport.ts";
import type { Usage } from "./usage.ts";

/** After so long without a sign of the server it is said when the last one was. */
const SILENCE_MILLISECONDS = 30_000;

/** What a person wants to know about a conversation at a glance. */
export interface Status {
  /** What the agent does: a tool's name, `thinking`, `waiting for you`, or nothing. */
  readonly activity: string | undefined;
  /** Unix milliseconds since when. */
  readonly since: number;
  readonly usage: Usage;
  /** US dollars that the session may cost, where that is known. */
  readonly budget: number | undefined;
  /** What is wrong with the connection; nothing while it is good. */
  readonly link: LinkTrouble | undefined;
  /** Unix milliseconds of the last sign of the server. */
  readonly heardAt: number | undefined;
  /** Messages that wait until the agent has time for them. */
  readonly queued: number;
  /** Requests that wait for an answer. */
  readonly requests: number;
}

/**
 * The status on as few rows as hold it, broken between what it says; what there is nothing to say
 * about is left out.
 */
export function statusRows(status: Status, now: number, columns: number): SafeText[] {
  const rows: SafeText[] = [];
  for (const part of statusParts(status, now).map(sanitizeLine)) {
    const row = rows.at(-1);
    const longer = row === undefined ? part : safeText`${row} · ${part}`;
    if (row !== undefined && widthOf(longer) > columns) rows.push(part);
    else rows.splice(-1, 1, longer);
  }
  return rows;
}

/**
 * The status in full, a line each, and more rows where one is too narrow.
 *
 * @param place unix milliseconds, the session's id, and the width of the screen
 */
export function statusReport(
  status: Status,
  place: { readonly now: number; readonly sessionId: string; readonly columns: number },
): SafeText {
  const { usage, budget, link, heardAt } = status;
  const { now, sessionId, columns } = place;
  const lines = {
    session: sessionId,
    agent: activityOf(status, now),
    link: `${link === undefined ? "connected" : describeTrouble(link, now)}${
      heardAt === undefined ? "" : `, ${lastHeard(heardAt, now)}`
    }`,
    tokens: count(usage.tokens),
    cost: costOf(usage, budget) || "not told yet",
    queued: counted(status.queued, "message"),
    requests: `${status.requests} waiting for an answer`,
  };
  const rows = twoColumns(
    Object.entries(lines).map(([name, text]) => [name, sanitizeLine(text)]),
    columns,
  );
  return safeText`${sanitize(rows.join("\n"))}\n`;
}

function statusParts(status: Status, now: number): string[] {
  const { usage, budget, link, heardAt = now, queued, requests } = status;
  const isSilent = link !== undefined || now - heardAt >= SILENCE_MILLISECONDS;
  return [
    link === undefined ? "" : describeTrouble(link, now),
    isSilent && heardAt < now ? lastHeard(heardAt, now) : "",
    activityOf(status, now),
    usage.tokens > 0 ? counted(usage.tokens, "token") : "",
    costOf(usage, budget),
    queued > 0 ? `${queued} queued (Up takes the last back)` : "",
    requests > 1 ? `${requests} requests` : "",
  ].filter((part) => part !== "");
}

function activityOf({ activity, since }: Status, now: number): string {
  return activity === undefined ? "idle" : `${activity} ${wholeSeconds(now - since)}`;
}

function costOf({ cost }: Usage, budget: number | undefined): string {
  if (cost === undefined) return budget === undefined ? "" : `budget ${money(budget)}`;
  return budget === undefined ? money(cost) : `${money(cost)} of ${money(budget)}`;
}

function lastHeard(heardAt: number, now: number): string {
  return `last heard ${wholeSeconds(now - heardAt)} ago`;
}

/** A duration that does not flicker with every look at it. */
function wholeSeconds(milliseconds: number): string {
  return duration(Math.floor(Math.max(0, milliseconds) / 1000) * 1000);
}
