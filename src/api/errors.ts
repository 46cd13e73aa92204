import { CliError, type CliErrorOptions } from "../app/errors.ts";

/** Follows the message of an error where nobody knows whether it was done. */
export const UNSURE = "; it may have been done nevertheless";

/** A request that was answered, but not with success. */
export class ApiError extends CliError {
  /** HTTP status. */
  readonly status: number;

  constructor(message: string, options: CliErrorOptions & { readonly status: number }) {
    super(message, options);
    this.status = options.status;
  }
}

/** Whether something that was thrown is an answer with one of these statuses. */
export function hasStatus(error: unknown, ...statuses: number[]): error is ApiError {
  return error instanceof ApiError && statuses.includes(error.status);
}
