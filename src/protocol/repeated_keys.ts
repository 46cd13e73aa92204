/** A key of an object, and its value. */
export type Member = readonly [key: string, value: unknown];

/** Of the objects in whose text a key stands more than once: all that the text has, in its order. */
const MEMBERS = new WeakMap<object, readonly Member[]>();

/**
 * The members of an object, with each key as often as it stood in the JSON text. `JSON.parse` takes
 * the last of them; who else reads the text may take the first.
 */
export function membersOf(object: object): readonly Member[] {
  return MEMBERS.get(object) ?? Object.entries(object);
}

/** Whether a key stood more than once in an object, or in one that is somewhere in the value. */
export function hasRepeatedKeys(value: unknown): boolean {
  const values = [value];
  while (values.length > 0) {
    const next = values.pop();
    if (typeof next !== "object" || next === null) continue;
    if (MEMBERS.has(next)) return true;
    for (const inner of Object.values(next)) values.push(inner);
  }
  return false;
}

/** A list or an object whose end was not read yet. */
interface Open {
  readonly isList: boolean;
  /** Those of a list have no key of their own. */
  readonly members: Member[];
  /** The key that was read, and whose value was not. */
  key: string | undefined;
}

/** A number or a word. */
const PRIMITIVE = /[^\s,\]}]+/y;

/**
 * Reads JSON as `JSON.parse` does, which is much faster, but keeps what {@linkcode membersOf} tells.
 * It works for any depth.
 *
 * @param text JSON without a mistake
 * @param readPrimitive reads what is neither a list, an object nor a string
 */
export function parseWithRepeatedKeys(
  text: string,
  readPrimitive: (source: string) => unknown,
): unknown {
  const root: Open = { isList: true, members: [], key: undefined };
  const open = [root];
  const give = (value: unknown) => {
    const into = open.at(-1) ?? root;
    into.members.push([into.key ?? "", value]);
    into.key = undefined;
  };
  for (let at = 0; at < text.length;) {
    const start = at;
    switch (text[at]) {
      case " ":
      case "\n":
      case "\r":
      case "\t":
      case ",":
      case ":":
        at++;
        break;
      case "{":
      case "[":
        open.push({ isList: text[at] === "[", members: [], key: undefined });
        at++;
        break;
      case "}":
      case "]": {
        const closed = open.pop() ?? root;
        give(valueOf(closed));
        at++;
        break;
      }
      case '"': {
        at = endOfString(text, at);
        const string: string = JSON.parse(text.slice(start, at));
        const into = open.at(-1) ?? root;
        if (into.isList || into.key !== undefined) give(string);
        else into.key = string;
        break;
      }
      default:
        PRIMITIVE.lastIndex = at;
        at += PRIMITIVE.exec(text)?.[0].length ?? 1;
        give(readPrimitive(text.slice(start, at)));
    }
  }
  return root.members[0]?.[1];
}

function valueOf({ isList, members }: Open): unknown {
  if (isList) return members.map(([, value]) => value);
  const object: object = Object.fromEntries(members);
  if (Object.keys(object).length < members.length) MEMBERS.set(object, members);
  return object;
}

/** Where a string ends that begins at an index. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}
