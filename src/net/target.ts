import { unbracket } from "./proxy.ts";

/** Where a connection is to end. */
export interface Target {
  /** Name or address, without brackets. */
  readonly hostname: string;
  readonly port: number;
}

/** Where the connection to a URL of http, https, ws or wss ends. */
export function targetOf({ protocol, hostname, port }: URL): Target {
  const isPlain = protocol === "http:" || protocol === "ws:";
  return { hostname: unbracket(hostname), port: Number(port || (isPlain ? 80 : 443)) };
}
