import { twoColumns } from "../../render/two_columns.ts";
import { keyGroups } from "../../term/key_help.ts";
import type { Topic } from "../topic.ts";

const GROUPS = keyGroups().map(({ heading, keys }) =>
  [`${heading}:`, ...twoColumns(keys, 80)].join("\n")
);

export const KEYS: Topic = {
  name: "keys",
  summary: "The keys of a conversation's input line",
  text: `The input line of a conversation is edited with the keys of readline. What was
sent is kept for the next time, unless LC_NO_HISTORY or LC_EPHEMERAL_CREDS is
set.

${GROUPS.join("\n\n")}

Where there is no Alt key, Escape before another key does the same. Alt-4 before
a key has it count four times, Alt-- has it go the other way.

Ctrl-Z stops the program and fg goes on, with all that was typed. In between the
terminal still marks what is pasted. Most shells know the marks; one that shows
them, as 200~ and 201~, is rid of them with printf '\\033[?2004l'.
`,
};
