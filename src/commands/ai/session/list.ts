import { ORGANIZATION } from "../sessions_family/family.ts";
import { listCommandOf } from "../sessions_family/list.ts";

export const sessionListCommand = listCommandOf(ORGANIZATION);
