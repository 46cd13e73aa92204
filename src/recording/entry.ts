import type { ToolApprovalResponse } from "../protocol/frames.ts";
import type { Caller } from "./caller.ts";

/** What one line of a recording tells. Names and shapes are those of docs/recording.md. */
export type Entry =
  /** A conversation begins. */
  | {
    readonly type: "start";
    readonly session_id: string;
    readonly caller: Caller;
    /** Name and version of the program. */
    readonly program: string;
    /** Host of the AI sessions. */
    readonly host: string;
    /** Whether the session was to be watched only. */
    readonly read_only: boolean;
    /** Who decides about approval requests. */
    readonly approvals: "person" | "policy" | "nobody";
  }
  /** A frame's JSON text, exactly as the server sent it. */
  | { readonly type: "frame"; readonly frame: string }
  /** Something happened to the connection. */
  | { readonly type: "transport"; readonly event: string; readonly detail?: object }
  | { readonly type: "prompt"; readonly text: string }
  /** An answer to an approval request. */
  | {
    readonly type: "decision";
    /** Of the request; undefined where that was never received. */
    readonly tool_name?: string | undefined;
    /** SHA-256 of the request's input as {@linkcode hashOfInput} has it. */
    readonly input_sha256?: string | undefined;
    readonly decision: ToolApprovalResponse;
  }
  | {
    readonly type: "answer";
    readonly question_id: string;
    readonly answers: { readonly [header: string]: string };
  }
  | { readonly type: "interrupt" }
  /** What an earlier line says was sent was not. */
  | { readonly type: "unsent"; readonly line: number; readonly reason: string }
  /** The conversation ended. */
  | {
    readonly type: "final";
    readonly status: string;
    readonly reason: string;
    readonly exit_code: number;
    readonly session_id: string;
    /** Frames that were not JSON, and are in no line. */
    readonly skipped_frames: number;
  }
  /** The bytes before this line were cut off when an earlier program ended while it wrote them. */
  | { readonly type: "torn"; readonly bytes: number; readonly sha256: string };
