import { startConnectProxy } from "../../support/connect_proxy.ts";
import type { Need } from "../../support/skip.ts";
import { startSocksServer } from "../../support/socks_server.ts";
import { closedPort, IPV6_NEED } from "../../support/tcp.ts";
import { startTinyproxy, TINYPROXY_NEED } from "../../support/tinyproxy.ts";
import { type Certificates, createCertificates } from "../../support/tls.ts";
import { ADDRESS, NAME } from "./support.ts";

const HOSTS = { [NAME]: "127.0.0.1", [ADDRESS]: "127.0.0.1" };

/** Characters that a URL has to percent-encode, and some that it needn't. */
const USER = "corp\\ann";
const PASSWORD = "p@ss:w/rd#50% é";
const LOGIN = `${encodeURIComponent(USER)}:${encodeURIComponent(PASSWORD)}`;

/** What stands between the program and the service. */
export interface Between {
  readonly variables: Readonly<Record<string, string>>;
  readonly caFile?: string;
  /** How many connections have gone by it; undefined where nobody can count. */
  readonly passed?: () => number;
}

/** One arrangement of proxies, certificates and variables. */
export interface Way {
  readonly name: string;
  readonly needs: readonly Need[];
  /** Whether the service speaks plain http. */
  readonly plain?: boolean;
  /** Address of the service; 127.0.0.1 unless given. */
  readonly hostname?: string;
  /** What the URL calls it; {@linkcode NAME} unless given. */
  readonly host?: string;
  readonly open: (certificates: Certificates, scope: AsyncDisposableStack) => Promise<Between>;
}

/** Every way on which the service has to be reached. */
export const WAYS: readonly Way[] = [
  {
    name: "tinyproxy",
    needs: [TINYPROXY_NEED],
    async open({ caFile }, scope) {
      const mapper = scope.use(startConnectProxy({ hosts: HOSTS }));
      const proxy = scope.use(await startTinyproxy({ upstream: mapper.address }));
      return {
        variables: { HTTPS_PROXY: `http://${proxy.address}` },
        caFile,
        passed: () => mapper.heads.length,
      };
    },
  },
  {
    name: "tinyproxy with a password",
    needs: [TINYPROXY_NEED],
    async open({ caFile }, scope) {
      const mapper = scope.use(startConnectProxy({ hosts: HOSTS }));
      const login = ["ann", "S3cretPassword"] as const;
      const proxy = scope.use(await startTinyproxy({ upstream: mapper.address, login }));
      return {
        variables: { https_proxy: `${login.join(":")}@${proxy.address}` },
        caFile,
        passed: () => mapper.heads.length,
      };
    },
  },
  {
    name: "tinyproxy over IPv6",
    needs: [TINYPROXY_NEED, IPV6_NEED],
    async open({ caFile }, scope) {
      const mapper = scope.use(startConnectProxy({ hosts: HOSTS }));
      const proxy = scope.use(await startTinyproxy({ upstream: mapper.address, hostname: "::1" }));
      return {
        variables: { ALL_PROXY: `http://${proxy.address}/` },
        caFile,
        passed: () => mapper.heads.length,
      };
    },
  },
  {
    name: "tinyproxy to a service over IPv6",
    needs: [TINYPROXY_NEED, IPV6_NEED],
    hostname: "::1",
    async open({ caFile }, scope) {
      const mapper = scope.use(startConnectProxy({ hosts: { [NAME]: "::1" } }));
      const proxy = scope.use(await startTinyproxy({ upstream: mapper.address }));
      return {
        variables: { HTTPS_PROXY: `http://${proxy.address}` },
        caFile,
        passed: () => mapper.heads.length,
      };
    },
  },
  {
    name: "tinyproxy and one behind it that opens TLS",
    needs: [TINYPROXY_NEED],
    async open({ ca }, scope) {
      const others = scope.use(await createCertificates(NAME));
      const intercept = { cert: others.cert, key: others.key, ca };
      const mapper = scope.use(startConnectProxy({ hosts: HOSTS, intercept }));
      const proxy = scope.use(await startTinyproxy({ upstream: mapper.address }));
      return {
        variables: { HTTPS_PROXY: `http://${proxy.address}`, LC_CA_FILE: others.caFile },
        passed: () => mapper.heads.length,
      };
    },
  },
  {
    name: "an HTTP proxy whose password has special characters",
    needs: [],
    open({ caFile }, scope) {
      const proxy = scope.use(startConnectProxy({ hosts: HOSTS, login: `${USER}:${PASSWORD}` }));
      return Promise.resolve({
        variables: { HTTPS_PROXY: `http://${LOGIN}@${proxy.address}` },
        caFile,
        passed: () => proxy.heads.length,
      });
    },
  },
  {
    name: "an HTTP proxy that answers byte by byte",
    needs: [],
    open({ caFile }, scope) {
      const proxy = scope.use(startConnectProxy({ hosts: HOSTS, slowly: true }));
      return Promise.resolve({
        variables: { HTTPS_PROXY: `http://${proxy.address}` },
        caFile,
        passed: () => proxy.heads.length,
      });
    },
  },
  {
    name: "an HTTP proxy that is reached by TLS",
    needs: [],
    open({ caFile, cert, key }, scope) {
      const login = `${USER}:${PASSWORD}`;
      const proxy = scope.use(startConnectProxy({ hosts: HOSTS, login, tls: { cert, key } }));
      return Promise.resolve({
        variables: { HTTPS_PROXY: `https://${LOGIN}@${proxy.address}`, DENO_CERT: caFile },
        passed: () => proxy.heads.length,
      });
    },
  },
  {
    name: "SOCKS 5",
    needs: [],
    open({ caFile }, scope) {
      const proxy = scope.use(startSocksServer({ hosts: HOSTS }));
      return Promise.resolve({
        variables: { ALL_PROXY: `socks5://${proxy.address}` },
        caFile,
        passed: () => proxy.requests.length,
      });
    },
  },
  {
    name: "SOCKS 5 with a password",
    needs: [],
    open({ caFile }, scope) {
      const proxy = scope.use(startSocksServer({ hosts: HOSTS, login: [USER, PASSWORD] }));
      return Promise.resolve({
        variables: { ALL_PROXY: `socks5h://${LOGIN}@${proxy.address}` },
        caFile,
        passed: () => proxy.requests.length,
      });
    },
  },
  {
    name: "SOCKS 5 over IPv6",
    needs: [IPV6_NEED],
    open({ caFile }, scope) {
      const proxy = scope.use(startSocksServer({ hosts: HOSTS, hostname: "::1" }));
      return Promise.resolve({
        variables: { all_proxy: `socks5://${proxy.address}` },
        caFile,
        passed: () => proxy.requests.length,
      });
    },
  },
  {
    name: "an HTTP proxy to plain http",
    needs: [],
    plain: true,
    open(_, scope) {
      const proxy = scope.use(startConnectProxy({ hosts: HOSTS, login: `${USER}:${PASSWORD}` }));
      return Promise.resolve({
        variables: { HTTP_PROXY: `http://${LOGIN}@${proxy.address}`, HTTPS_PROXY: "http://[::1" },
        passed: () => proxy.heads.length,
      });
    },
  },
  {
    name: "no proxy, with the service's own authority",
    needs: [],
    host: "localhost",
    open({ caFile }) {
      return Promise.resolve({ variables: { LC_CA_FILE: caFile } });
    },
  },
  {
    name: "no proxy, over IPv6",
    needs: [IPV6_NEED],
    hostname: "::1",
    host: "[::1]",
    open({ caFile }) {
      return Promise.resolve({ variables: { DENO_CERT: caFile } });
    },
  },
  {
    name: "no proxy to this machine, whatever the variables say",
    needs: [],
    plain: true,
    host: "127.0.0.1",
    open() {
      return Promise.resolve({ variables: { ALL_PROXY: `http://127.0.0.1:${closedPort()}` } });
    },
  },
  {
    name: "no proxy to what NO_PROXY lists",
    needs: [],
    plain: true,
    host: ADDRESS,
    open() {
      return Promise.resolve({
        variables: {
          ALL_PROXY: `http://127.0.0.1:${closedPort()}`,
          NO_PROXY: `example.com, ${ADDRESS}/8`,
        },
      });
    },
  },
];
