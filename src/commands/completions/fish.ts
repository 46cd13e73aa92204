import { printCommandOf } from "./print.ts";

export const fishCommand = printCommandOf("fish");
