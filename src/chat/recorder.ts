import type { SessionStream, StreamEnd, StreamEvent } from "../api/session_stream.ts";
import type { Deps, Secrets, Service } from "../app/deps.ts";
import { messageOf } from "../app/errors.ts";
import { ExitCode } from "../app/exit_codes.ts";
import { stringOr } from "../protocol/content.ts";
import { type ClientMessage, type Frame, historyOf, isObject } from "../protocol/frames.ts";
import { callerOf } from "../recording/caller.ts";
import type { Entry } from "../recording/entry.ts";
import { hashOfInput } from "../recording/hashes.ts";
import type { Recording } from "../recording/recording.ts";
import { type SafeText, safeText, sanitize, sanitizeLine } from "../render/safe_text.ts";
import type { ConversationStream } from "./conversation.ts";
import type { ConversationFlags } from "./hold_conversation.ts";
import type { Final } from "./transcript.ts";
import { type TransportEvent, transportFields } from "./transport.ts";
import type { View } from "./view.ts";

/** A tool's call that somebody has to decide about. */
interface Request {
  readonly tool_name: string;
  readonly input_sha256: string;
}

/** What can be recorded of. */
export type RecordableStream = ConversationStream & Pick<SessionStream, "skipped">;

export interface RecordedConversation {
  readonly deps: Deps;
  readonly service: Service;
  readonly flags: ConversationFlags;
  readonly view: View;
}

/** Records that a conversation begins, and has the person told as soon as something cannot be. */
export function beginRecording(
  stream: SessionStream,
  recording: Recording,
  { deps, service, flags, view }: RecordedConversation,
): Recorder {
  const { sessionId, readOnly, interactive, policy } = flags;
  const recorder = new Recorder(stream, recording, deps.secrets);
  recorder.begin({
    session_id: sessionId,
    caller: callerOf(service.credentials),
    program: `limacharlie-ai/${deps.version}`,
    host: new URL(service.aiUrl).host,
    read_only: readOnly === true,
    approvals: interactive !== true
      ? "nobody"
      : policy?.onApproval === undefined
      ? "person"
      : "policy",
  });
  void recording.failed.then((reason) => {
    const [path, why] = [sanitizeLine(recording.path), sanitizeLine(reason)];
    view.note(
      safeText`Recording to "${path}" has stopped: ${why}. What follows is not recorded.\n`,
    );
  });
  return recorder;
}

/**
 * Stands between a stream and its conversation, and records what passes: what comes before anybody
 * sees it, what goes before it is sent.
 */
export class Recorder implements ConversationStream {
  readonly #stream: RecordableStream;
  readonly #recording: Recording;
  readonly #secrets: Secrets;
  readonly #requests = new Map<string, Request>();

  constructor(stream: RecordableStream, recording: Recording, secrets: Secrets) {
    this.#stream = stream;
    this.#recording = recording;
    this.#secrets = secrets;
  }

  /** Records who begins what. */
  begin(start: Omit<Entry & { type: "start" }, "type">): void {
    this.#append({ type: "start", ...start });
  }

  async *events(): AsyncGenerator<StreamEvent, StreamEnd> {
    const events = this.#stream.events();
    while (true) {
      const { value, done } = await events.next();
      if (done === true) return value;
      if (value.type === "frames") {
        for (const { frame } of value.frames) this.#follow(frame);
        this.#recording.append(value.frames.map(({ text }) => ({ type: "frame", frame: text })));
      } else {
        this.#append(transportEntry(value));
      }
      yield value;
    }
  }

  get canSend(): boolean {
    return this.#stream.canSend;
  }

  get state() {
    return this.#stream.state;
  }

  get lastHeardAt(): number | undefined {
    return this.#stream.lastHeardAt;
  }

  send(message: ClientMessage): void {
    const entry = this.#entryOf(message);
    const line = entry === undefined ? 0 : this.#append(entry);
    try {
      this.#stream.send(message);
    } catch (error) {
      if (line > 0) this.#append({ type: "unsent", line, reason: messageOf(error) });
      throw error;
    }
  }

  detach(): void {
    this.#stream.detach();
  }

  /**
   * Records how it ended.
   *
   * @returns the same; where something is not in the recording, that is no success
   */
  end(final: Final): Final {
    this.#append({ type: "final", ...final, skipped_frames: this.#stream.skipped });
    this.#recording.sync();
    const isSuccess = final.exit_code === ExitCode.Done;
    return this.#recording.hasFailed && isSuccess
      ? { ...final, exit_code: ExitCode.Failure }
      : final;
  }

  /** What there is to know of the recording at the end. */
  get summary(): SafeText {
    const { path, seq, sha256, hasFailed } = this.#recording;
    return hasFailed
      ? safeText`The recording "${sanitizeLine(path)}" is incomplete: it stops after line ${seq}.`
      : safeText`Recorded to "${sanitizeLine(path)}": ${seq} lines, SHA-256 of the last ${
        sanitize(sha256)
      }`;
  }

  /** Appends a line of our own words. Frames stay as they came, secrets of ours do not. */
  #append(entry: Entry): number {
    return this.#recording.append([masked(entry, this.#secrets) as Entry]);
  }

  #follow(frame: Frame): void {
    const { type, payload } = frame;
    if (type === "history") historyOf(payload).forEach((each) => this.#follow(each));
    if (type !== "tool_approval_request" && type !== "tool_result") return;
    const id = stringOr(payload["tool_use_id"], "");
    if (type === "tool_result") this.#requests.delete(id);
    else {
      this.#requests.set(id, {
        tool_name: stringOr(payload["tool_name"], ""),
        input_sha256: hashOfInput(payload["tool_input"]),
      });
    }
  }

  #entryOf(message: ClientMessage): Entry | undefined {
    switch (message.type) {
      case "prompt":
        return { type: "prompt", text: message.payload.text };
      case "interrupt":
        return { type: "interrupt" };
      case "tool_approval_response": {
        const request = this.#requests.get(message.payload.tool_use_id);
        return { type: "decision", ...request, decision: message.payload };
      }
      case "ask_user_question_response":
        return { type: "answer", ...message.payload };
      case "heartbeat":
        return undefined;
    }
  }
}

function transportEntry(event: TransportEvent): Entry {
  const detail = transportFields(event);
  return {
    type: "transport",
    event: event.type,
    ...(Object.keys(detail).length > 0 ? { detail } : {}),
  };
}

function masked(value: unknown, secrets: Secrets): unknown {
  if (typeof value === "string") return secrets.mask(value);
  if (Array.isArray(value)) return value.map((each) => masked(each, secrets));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, masked(each, secrets)]),
  );
}
