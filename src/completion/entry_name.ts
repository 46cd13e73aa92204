/** The hidden command that the shells' scripts ask. */
export const COMPLETION_ENTRY = "__complete";
