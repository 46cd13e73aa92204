import { printCommandOf } from "./print.ts";

export const bashCommand = printCommandOf("bash");
