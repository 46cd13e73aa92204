import { ORGANIZATION } from "../sessions_family/family.ts";
import { getCommandOf } from "../sessions_family/get.ts";

export const sessionGetCommand = getCommandOf(ORGANIZATION);
