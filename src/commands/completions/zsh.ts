import { printCommandOf } from "./print.ts";

export const zshCommand = printCommandOf("zsh");
