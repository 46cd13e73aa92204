import { ORGANIZATION } from "../sessions_family/family.ts";
import { terminateCommandOf } from "../sessions_family/terminate.ts";

export const sessionTerminateCommand = terminateCommandOf(ORGANIZATION);
