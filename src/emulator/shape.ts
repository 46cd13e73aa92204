import { isObject } from "../protocol/frames.ts";

/** What is wrong with a value, and where it stands: `scripts[0].steps[2].say`. */
export interface Misfit {
  readonly path: string;
  readonly problem: string;
}

/** Looks at a value that stands at a path, and says what is wrong with it. */
export type Shape = (value: unknown, path: string) => Misfit | undefined;

/** The fields of an object. */
export interface Fields {
  readonly required?: Readonly<Record<string, Shape>>;
  readonly optional?: Readonly<Record<string, Shape>>;
}

export const anything: Shape = () => undefined;

export const text = only((value) => typeof value === "string", "must be text");

export const flag = only((value) => typeof value === "boolean", "must be true or false");

export const integer = only(Number.isSafeInteger, "must be a whole number");

export const count = only(
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  "must be a whole number from 0 on",
);

export const amount = only(
  (value) => typeof value === "number" && Number.isFinite(value) && value >= 0,
  "must be a number from 0 on",
);

export const anyObject = only(isObject, "must be an object");

/** Text that is a regular expression. */
export const pattern: Shape = (value, path) => {
  try {
    return text(value, path) ?? void new RegExp(String(value), "iu");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { path, problem: `must be a regular expression (${why})` };
  }
};

/** One of some texts. */
export function oneOf(...values: readonly string[]): Shape {
  return only((value) => values.some((each) => each === value), `must be ${values.join(" or ")}`);
}

export function list(shape: Shape): Shape {
  return (value, path) => {
    if (!Array.isArray(value)) return { path, problem: "must be a list" };
    return firstMisfit(value.map((each, index) => () => shape(each, `${path}[${index}]`)));
  };
}

/** The one shape or the other; where neither fits, what is wrong is said in one's own words. */
export function either(one: Shape, other: Shape, problem: string): Shape {
  return (value, path) =>
    one(value, path) === undefined || other(value, path) === undefined
      ? undefined
      : { path, problem };
}

/** An object with these fields and no other. */
export function object({ required = {}, optional = {} }: Fields): Shape {
  const shapes = new Map([...Object.entries(required), ...Object.entries(optional)]);
  return (value, path) => {
    if (!isObject(value)) return { path, problem: "must be an object" };
    const at = (name: string) => path === "" ? name : `${path}.${name}`;
    const missing = Object.keys(required).find((name) => !Object.hasOwn(value, name));
    if (missing !== undefined) return { path: at(missing), problem: "is missing" };
    return firstMisfit(
      Object.entries(value).map(([name, each]) => () =>
        shapes.get(name)?.(each, at(name)) ??
          (shapes.has(name) ? undefined : { path: at(name), problem: "is no known field" })
      ),
    );
  };
}

function only(holds: (value: unknown) => boolean, problem: string): Shape {
  return (value, path) => holds(value) ? undefined : { path, problem };
}

function firstMisfit(looks: readonly (() => Misfit | undefined)[]): Misfit | undefined {
  for (const look of looks) {
    const misfit = look();
    if (misfit !== undefined) return misfit;
  }
  return undefined;
}
