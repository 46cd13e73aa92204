import { OWN } from "../sessions_family/family.ts";
import { historyCommandOf } from "../sessions_family/history.ts";

export const chatsHistoryCommand = historyCommandOf(OWN);
