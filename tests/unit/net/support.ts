import type { Network } from "../../../src/app/deps.ts";
import { createSecrets } from "../../../src/app/secrets.ts";
import { systemClock } from "../../../src/app/system.ts";
import type { Emulator } from "../../../src/emulator/emulator.ts";
import { createNetwork, type OpenNetwork } from "../../../src/net/network.ts";
import { fakeEnvironment } from "../../support/fakes.ts";

/** A name that only the proxies of the tests know. */
export const NAME = "service.test";

/** An address that is not taken for this machine's own, and leads nowhere else. */
export const ADDRESS = "0.0.0.0";

/** A network with these variables, and a file of authorities where one is given. */
export function networkWith(
  variables: Readonly<Record<string, string>>,
  caFile?: string,
): OpenNetwork {
  return createNetwork({
    runtime: () => ({ fetch, WebSocket }),
    env: fakeEnvironment(variables),
    caFile,
    clock: systemClock,
    secrets: createSecrets(),
    userAgent: "limacharlie-ai/test",
  });
}

/** One of the two ways to the service. */
export interface Use {
  readonly name: string;
  /**
   * Uses the emulator by a network, and checks that it answers.
   *
   * @param base URL of the emulator as the network sees it
   * @throws {unknown} what the network failed with
   */
  readonly reach: (network: Network, base: string, emulator: Emulator) => Promise<void>;
}

/** REST and WebSocket: whatever holds for one has to hold for the other. */
export const USES: readonly Use[] = [
  { name: "fetch", reach: askForUrl },
  { name: "WebSocket", reach: attach },
];

async function askForUrl(network: Network, base: string, emulator: Emulator): Promise<void> {
  const { oid } = emulator.accounts.organizations.acme;
  const response = await network.fetch(`${base}/v1/orgs/${oid}/url`);
  const answer = await response.json();
  if (answer.url.ai === undefined) throw new Error(`Unexpected answer ${JSON.stringify(answer)}`);
}

/** Attaches to a session, waits for its history, and sends a prompt until the server has it. */
async function attach(network: Network, base: string, emulator: Emulator): Promise<void> {
  const session = emulator.createSession();
  const token = await emulator.mintToken(emulator.accounts.users.analyst);
  const url = `${base.replace(/^http/, "ws")}/v1/ws/sessions/${session.id}`;
  const socket = new network.WebSocket(url, ["access_token", token]);
  const closed = Promise.withResolvers<void>();
  socket.onclose = () => closed.resolve();
  try {
    const first = await new Promise<string>((resolve, reject) => {
      socket.onmessage = ({ data }) => resolve(data);
      socket.onerror = (event) => {
        const { error, message } = event as ErrorEvent;
        reject(error ?? new Error(message));
      };
    });
    if (JSON.parse(first).type !== "history") throw new Error(`Unexpected frame ${first}`);
    socket.send(JSON.stringify({ type: "prompt", payload: { text: "Hello" } }));
    await session.received("prompt");
  } finally {
    socket.close();
    await closed.promise;
  }
}
