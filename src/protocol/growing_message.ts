import { textOf } from "./content.ts";
import type { Frame } from "./frames.ts";

/** What an `assistant` frame says, where it may be said again with more behind it. */
export interface MessageSoFar {
  readonly id: string;
  readonly text: string;
}

/**
 * What an `assistant` frame says, if its payload has an id. The protocol documents none, and whole
 * messages; a service that sends one while it grows can only tell so by an id, as Claude's own API
 * does. That API gives all parts of a turn the same id, so that an id alone says nothing yet.
 */
export function messageSoFar({ type, payload }: Frame): MessageSoFar | undefined {
  const id = payload["id"];
  if (type !== "assistant" || typeof id !== "string" || id === "") return undefined;
  return { id, text: textOf(payload) };
}

/** Whether a message is another one in a later state: all that was said, and perhaps more. */
export function isLaterState(later: MessageSoFar, before: MessageSoFar): boolean {
  return later.id === before.id && later.text.startsWith(before.text);
}

/** Leaves out messages that stand further on in a later state. */
export function withoutEarlierStates<Item>(
  items: readonly Item[],
  frameOf: (item: Item) => Frame | undefined,
): Item[] {
  const latest = new Map<string, MessageSoFar>();
  const kept = items.toReversed().filter((item) => {
    const frame = frameOf(item);
    const message = frame === undefined ? undefined : messageSoFar(frame);
    if (message === undefined) return true;
    const later = latest.get(message.id);
    if (later !== undefined && isLaterState(later, message)) return false;
    latest.set(message.id, message);
    return true;
  });
  return kept.reverse();
}
