import { HttpError, type HttpRequest, type HttpResponse } from "./http.ts";

/** The parts of a path that a pattern leaves open, decoded. */
export type Parameters = Readonly<Record<string, string>>;

export type Handler = (
  request: HttpRequest,
  parameters: Parameters,
) => HttpResponse | Promise<HttpResponse>;

/** One endpoint: `GET /v1/sessions/:id`. */
export interface Route {
  readonly method: string;
  readonly pattern: string;
  readonly handle: Handler;
}

/** A table of endpoints, by `METHOD /path`, as routes. */
export function routes(table: Readonly<Record<string, Handler>>): Route[] {
  return Object.entries(table).map(([key, handle]) => {
    const [method = "", pattern = ""] = key.split(" ");
    return { method, pattern, handle };
  });
}

/** Answers a request. @throws {HttpError} 404 or 405 where there is no such endpoint */
export async function dispatch(
  table: readonly Route[],
  request: HttpRequest,
): Promise<HttpResponse> {
  let known = false;
  for (const { method, pattern, handle } of table) {
    const parameters = matchPath(pattern, request.path);
    if (parameters === undefined) continue;
    known = true;
    if (method === request.method) return await handle(request, parameters);
  }
  if (known) throw new HttpError(405, `${request.method} is not allowed here`);
  throw new HttpError(404, `No endpoint ${request.path}`);
}

/** Compares a path with a pattern, segment by segment. */
export function matchPath(pattern: string, path: string): Parameters | undefined {
  const names = pattern.split("/");
  const segments = path.split("/");
  if (names.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const segment = segments[index] ?? "";
    if (!name.startsWith(":")) {
      if (name !== segment) return undefined;
    } else {
      if (segment === "") return undefined;
      parameters[name.slice(1)] = decodeSegment(segment);
    }
  }
  return parameters;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new HttpError(400, "Path is not valid percent-encoding");
  }
}
