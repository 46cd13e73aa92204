import { isObject, type JsonObject } from "../protocol/frames.ts";
import { HttpError } from "./http.ts";

/**
 * The JSON object that a request carries.
 *
 * @throws {HttpError} 400 where it carries none
 */
export function readBody(body: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new HttpError(400, "Request body is not JSON");
  }
  if (!isObject(value)) throw new HttpError(400, "Request body is not a JSON object");
  return value;
}

/** A text field. @throws {HttpError} 400 where it is something else */
export function text(body: JsonObject, field: string): string | undefined {
  const value = body[field];
  if (value === undefined || typeof value === "string") return value;
  throw new HttpError(400, `Field "${field}" must be a string`);
}

/** A number above 0. @throws {HttpError} 400 where it is something else */
export function number(
  body: JsonObject,
  field: string,
  isValid: (value: unknown) => boolean,
): number | undefined {
  const value = body[field];
  if (value === undefined) return undefined;
  if (typeof value === "number" && isValid(value) && value > 0) return value;
  throw new HttpError(400, `Field "${field}" must be a number above 0`);
}

/** A boolean field. @throws {HttpError} 400 where it is something else */
export function flag(body: JsonObject, field: string): boolean | undefined {
  const value = body[field];
  if (value === undefined || typeof value === "boolean") return value;
  throw new HttpError(400, `Field "${field}" must be true or false`);
}

/** A list of texts. @throws {HttpError} 400 where it is something else */
export function list(body: JsonObject, field: string): string[] | undefined {
  const value = body[field];
  if (value === undefined) return undefined;
  const isText = (each: unknown): each is string => typeof each === "string";
  if (Array.isArray(value) && value.every(isText)) return value;
  throw new HttpError(400, `Field "${field}" must be a list of strings`);
}

/** One of some values. @throws {HttpError} 400 where it is something else */
export function choice<Value extends string>(
  body: JsonObject,
  field: string,
  values: readonly Value[],
): Value | undefined {
  const value = text(body, field);
  const known = values.find((each) => each === value);
  if (value !== undefined && known === undefined) {
    throw new HttpError(400, `Field "${field}" must be one of ${values.join(", ")}`);
  }
  return known;
}
