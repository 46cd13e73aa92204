import type { Topic } from "../topic.ts";

export const NETWORKS: Topic = {
  name: "networks",
  summary: "Proxies, certificate authorities, private deployments",
  text: `limacharlie doctor shows how each host is reached and what works, without
showing a secret. Run it first.

Hosts, all on port 443 (HTTPS and WebSocket):
  api.limacharlie.io    organizations, templates, secrets
  jwt.limacharlie.io    tokens
  ai.limacharlie.io     AI sessions; for some organizations it is another one
Beside these, securetoken.googleapis.com renews a sign-in made by browser in the
Python CLI.

Proxies, by the variables that curl reads (lower case goes first):
  HTTPS_PROXY, else ALL_PROXY    [SCHEME://][USER:PASSWORD@]HOST[:PORT], where
                                 the scheme is http, https or socks5
  NO_PROXY                       names, addresses, networks, or *
Percent-encode what is special in a user or password (@ is %40). REST calls and
WebSockets take the same way. A malformed variable is an error, never a direct
connection. This machine itself is never proxied. Of the ways to sign in to an
HTTP proxy there is Basic.

Certificate authorities, beside Mozilla's, which are built in:
  --ca-file FILE, LC_CA_FILE     PEM file, for a proxy that inspects TLS
  DENO_TLS_CA_STORE=system       the operating system's in place of Mozilla's

Other deployments:
  LC_API_URL, LC_JWT_URL, LC_AI_URL   where the service is
  LC_ALLOW_HTTP=1                     plain http to other machines than this one

A connection that is lost is dialled again, for 10 minutes unless
--reconnect-timeout says otherwise; 0 is never.
`,
};
