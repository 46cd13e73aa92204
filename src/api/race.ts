/**
 * Races many promises, one after the other, against one that lasts.
 *
 * What `Promise.race` has been given is kept, with what it resolved to, until the last of its
 * promises has settled: with a stream on one side and a long wait on the other that is the stream.
 *
 * @param lasting settles once, and is never rejected
 * @returns races a promise; where both have settled, the lasting one wins
 */
export function raceAgainst<Lasting>(
  lasting: Promise<Lasting>,
): <Each>(promise: Promise<Each>) => Promise<Each | Lasting> {
  let settled: { readonly value: Lasting } | undefined;
  let settle: (value: Lasting) => void = () => {};
  void lasting.then((value) => {
    settled = { value };
    settle(value);
  });
  return (promise) =>
    settled === undefined
      ? new Promise((resolve, reject) => {
        settle = resolve;
        promise.then(resolve, reject);
      })
      : Promise.resolve(settled.value);
}
