import { printCommandOf } from "./print.ts";

export const powershellCommand = printCommandOf("powershell");
