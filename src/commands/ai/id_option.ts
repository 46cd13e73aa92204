/** The option that names a session, as arguments of Cliffy's `option`. */
export function idOption(what: string) {
  return [
    "--id <id:string>",
    `${what}; on a terminal you choose one where it is left out`,
    { required: true },
  ] as const;
}
