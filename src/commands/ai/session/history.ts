import { ORGANIZATION } from "../sessions_family/family.ts";
import { historyCommandOf } from "../sessions_family/history.ts";

export const sessionHistoryCommand = historyCommandOf(ORGANIZATION);
