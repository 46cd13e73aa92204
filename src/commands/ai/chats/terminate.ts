import { OWN } from "../sessions_family/family.ts";
import { terminateCommandOf } from "../sessions_family/terminate.ts";

export const chatsTerminateCommand = terminateCommandOf(OWN);
