import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Pair,
  parseDocument,
  Scalar,
  YAMLMap,
} from "yaml";
import { type CliError, usageError } from "../app/errors.ts";
import {
  DEFAULT_ENVIRONMENT,
  type OAuthTokens,
  type Section,
  type SectionChanges,
} from "./section.ts";

const NULLS = ["", "~", "null", "Null", "NULL"];
const TRUE = /^(?:true|yes|on|y|1)$/i;
const FALSE = /^(?:false|no|off|n|0)$/i;

/**
 * The configuration file as text that can be edited: comments, order and unknown keys stay.
 *
 * It is read without types of YAML's own, so that what was plain text to the program that wrote it
 * (a key such as `1e5`) is written back as it was.
 */
export class ConfigDocument {
  readonly #document: Document;
  readonly #lines = new LineCounter();
  readonly #path: string;

  /** @throws {CliError} (exit 4) on text that is not YAML or not a mapping, with its line */
  constructor(text: string, path: string) {
    this.#path = path;
    this.#document = parseDocument(text, {
      schema: "failsafe",
      lineCounter: this.#lines,
      prettyErrors: false,
    });
    const [problem] = this.#document.errors;
    if (problem !== undefined) {
      // The library's message may quote the file, which holds secrets; its code never does.
      const kind = problem.code.toLowerCase().replaceAll("_", " ");
      throw this.#error(`it is not valid YAML (${kind})`, problem.pos[0]);
    }
    const root = this.#document.contents;
    if (root !== null && !isMap(root) && !isNull(root)) {
      throw this.#error("it must be a mapping of names to values", root.range?.[0]);
    }
  }

  /** The environment that the file says to use. */
  get currentEnvironment(): string | undefined {
    return this.#text(this.#root(), "current_env");
  }

  /** Whether the file switches the token cache off. */
  get noTokenCache(): boolean {
    const value = this.#text(this.#root(), "no_jwt_cache", { allowBoolean: true });
    if (value === undefined || FALSE.test(value)) return false;
    if (TRUE.test(value)) return true;
    throw this.#error('"no_jwt_cache" must be true or false', this.#offset("no_jwt_cache"));
  }

  /** Names of the environments; the top level is one when it holds credentials. */
  get environments(): string[] {
    const named = this.#environments()?.items.map(({ key }) => keyText(key)) ?? [];
    const { oid, apiKey, oauth } = this.#section(this.#root());
    const top = (oid ?? apiKey ?? oauth) === undefined ? [] : [DEFAULT_ENVIRONMENT];
    return [...top, ...named.filter((name) => name !== DEFAULT_ENVIRONMENT)];
  }

  /**
   * Credentials of one environment.
   *
   * @returns undefined when the file has none of that name
   */
  section(name: string): Section | undefined {
    if (name === DEFAULT_ENVIRONMENT) return this.#section(this.#root());
    const environments = this.#environments();
    if (environments === undefined || pairOf(environments, name) === undefined) return undefined;
    return this.#section(this.#map(environments, name, `env.${name}`));
  }

  /** Sets (or, with null, removes) keys of an environment, which is made where there is none. */
  change(name: string, { oauth, ...texts }: SectionChanges): void {
    const section = name === DEFAULT_ENVIRONMENT
      ? this.#ensureRoot()
      : this.#ensureMap(this.#ensureMap(this.#ensureRoot(), "env"), name);
    const keys = { oid: texts.oid, api_key: texts.apiKey, uid: texts.uid };
    for (const [key, value] of Object.entries(keys)) {
      if (value === null) remove(section, key);
      else if (value !== undefined) set(section, key, scalar(value));
    }
    if (oauth === null) remove(section, "oauth");
    else if (oauth !== undefined) {
      const block = this.#ensureMap(section, "oauth");
      set(block, "id_token", scalar(oauth.idToken));
      set(block, "refresh_token", scalar(oauth.refreshToken));
      set(block, "expires_at", scalar(String(oauth.expiresAt), Scalar.PLAIN));
    }
  }

  /** Removes a named environment whole, and the choice of it. */
  removeEnvironment(name: string): void {
    const environments = this.#environments();
    if (environments !== undefined) remove(environments, name);
    if (environments?.items.length === 0) remove(this.#ensureRoot(), "env");
    if (this.currentEnvironment === name) remove(this.#ensureRoot(), "current_env");
  }

  /** Has the file choose an environment. */
  choose(name: string): void {
    set(this.#ensureRoot(), "current_env", scalar(name));
  }

  /** @throws {CliError} (exit 4) when what was removed is referred to elsewhere in the file */
  toString(): string {
    try {
      return this.#document.toString({ lineWidth: 0 });
    } catch {
      throw this.#error("an alias refers to what would be removed", undefined);
    }
  }

  #section(map: YAMLMap | undefined): Section {
    if (map === undefined) return {};
    const oauth = this.#map(map, "oauth", "oauth");
    const section = {
      oid: this.#text(map, "oid"),
      apiKey: this.#text(map, "api_key"),
      uid: this.#text(map, "uid"),
      oauth: oauth && this.#oauth(oauth),
    };
    return Object.fromEntries(
      Object.entries(section).filter(([, value]) => value !== undefined),
    );
  }

  #oauth(map: YAMLMap): OAuthTokens | undefined {
    const idToken = this.#text(map, "id_token");
    const refreshToken = this.#text(map, "refresh_token");
    if (idToken === undefined && refreshToken === undefined) return undefined;
    const expiresAt = Number(this.#text(map, "expires_at") ?? 0);
    return {
      idToken: idToken ?? "",
      refreshToken: refreshToken ?? "",
      expiresAt: Number.isFinite(expiresAt) ? expiresAt : 0,
    };
  }

  #root(): YAMLMap | undefined {
    const root = this.#document.contents;
    return isMap(root) ? root : undefined;
  }

  #environments(): YAMLMap | undefined {
    const root = this.#root();
    return root && this.#map(root, "env", "env");
  }

  /** The text of a key; undefined where it is missing, empty or null. */
  #text(map: YAMLMap | undefined, key: string, { allowBoolean = false } = {}): string | undefined {
    const value = this.#value(map, key);
    if (value === undefined || isNull(value)) return undefined;
    const plain = isScalar(value) && value.type === Scalar.PLAIN;
    const boolean = plain && /^(?:true|false|yes|no|on|off)$/i.test(String(value.value));
    if (!isScalar(value) || (boolean && !allowBoolean)) {
      throw this.#error(`"${key}" must be text`, startOf(value));
    }
    return String(value.value) || undefined;
  }

  #map(map: YAMLMap, key: string, name: string): YAMLMap | undefined {
    const value = this.#value(map, key);
    if (value === undefined || isNull(value)) return undefined;
    if (!isMap(value)) throw this.#error(`"${name}" must be a mapping`, startOf(value));
    return value;
  }

  #value(map: YAMLMap | undefined, key: string): unknown {
    const value = map && pairOf(map, key)?.value;
    if (!isAlias(value)) return value ?? undefined;
    const resolved = value.resolve(this.#document);
    if (resolved !== undefined) return resolved;
    throw this.#error(`"${key}" refers to nothing`, startOf(value));
  }

  #ensureRoot(): YAMLMap {
    const root = this.#root();
    if (root !== undefined) {
      if (root.items.length === 0) root.flow = false;
      return root;
    }
    const map = new YAMLMap(this.#document.schema);
    this.#document.contents = map;
    return map;
  }

  #ensureMap(map: YAMLMap, key: string): YAMLMap {
    const value = pairOf(map, key)?.value;
    // Whatever is behind an alias is somebody else's too.
    if (isAlias(value)) throw this.#error(`"${key}" is an alias, and stays one`, startOf(value));
    const found = this.#map(map, key, key);
    if (found !== undefined) return found;
    const made = new YAMLMap(this.#document.schema);
    set(map, key, made);
    return made;
  }

  #offset(key: string): number | undefined {
    return startOf(this.#value(this.#root(), key));
  }

  #error(what: string, offset: number | undefined): CliError {
    const line = offset === undefined ? "" : `, line ${this.#lines.linePos(offset).line}`;
    return usageError(
      `Cannot use "${this.#path}"${line}: ${what}`,
      "Mend the file, or name another one with LC_CREDS_FILE",
    );
  }
}

function pairOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => keyText(key) === name);
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function isNull(node: unknown): boolean {
  return node === null ||
    isScalar(node) && (node.value === null ||
        (node.type === Scalar.PLAIN || node.type === undefined) &&
          NULLS.includes(String(node.value)));
}

function set(map: YAMLMap, key: string, value: Scalar | YAMLMap): void {
  const pair = pairOf(map, key);
  if (pair === undefined) map.add({ key: scalar(key), value });
  else {
    // A remark behind the old value is a remark on the key.
    if (isScalar(pair.value) && pair.value.comment) value.comment = pair.value.comment;
    pair.value = value;
  }
}

/** Removes a key. The remark above it stays: it may be one on the whole file. */
function remove(map: YAMLMap, name: string): void {
  const index = map.items.findIndex(({ key }) => keyText(key) === name);
  const [removed] = index < 0 ? [] : map.items.splice(index, 1);
  const remark = isScalar(removed?.key) ? removed.key.commentBefore : undefined;
  if (!remark) return;
  const next = map.items[index]?.key;
  if (isScalar(next)) next.commentBefore = joinRemarks(remark, next.commentBefore);
  else map.comment = joinRemarks(map.comment, remark);
}

function joinRemarks(...remarks: (string | null | undefined)[]): string {
  return remarks.filter(Boolean).join("\n");
}

/** Text that YAML 1.1, which the Python CLI reads, takes for text without quotes. */
const PLAIN_TEXT =
  /^(?!(?:true|false|yes|no|on|off|y|n|null)$)[a-z][\w.-]*$|^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

function scalar(text: string, type: Scalar.Type = Scalar.QUOTE_DOUBLE): Scalar {
  const made = new Scalar(text);
  made.type = PLAIN_TEXT.test(text) ? Scalar.PLAIN : type;
  return made;
}
