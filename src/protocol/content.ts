import { isObject, type JsonObject } from "./frames.ts";

/**
 * The words of an `assistant` or `user` payload: its string content, or its text blocks, joined by
 * line ends and without the white space around them. Tool and thinking blocks have none.
 */
export function textOf(payload: JsonObject): string {
  const content = payload["content"] ?? payload["text"];
  if (typeof content === "string") return content.trim();
  if (!Array.isArray(content)) return "";
  return content.map(blockText).filter((text) => text.trim() !== "").join("\n").trim();
}

function blockText(block: unknown): string {
  if (typeof block === "string") return block;
  if (!isObject(block) || typeof block["text"] !== "string") return "";
  const type = block["type"];
  return type === undefined || type === "text" ? block["text"] : "";
}

/** What a `result` says: its summary or its message. */
export function resultSummary(payload: JsonObject): string {
  return wordsOf(payload["summary"] || payload["message"]).trim();
}

/** What a tool gave back, as text: a string as it stands, text blocks joined, anything else as JSON. */
export function toolResultText(content: unknown): string {
  if (Array.isArray(content) && content.length > 0 && content.every(isTextBlock)) {
    return content.map((block) => block["text"]).join("\n");
  }
  return wordsOf(content);
}

/** A value as text: a string as it stands, nothing for nothing, anything else as JSON. */
function wordsOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}

function isTextBlock(block: unknown): block is { readonly text: string } {
  return isObject(block) && block["type"] === "text" && typeof block["text"] === "string";
}

/** One question of an `ask_user_question` frame. */
export interface Question {
  /** The key of its answer: the header, or the question itself where that is no other's. */
  readonly key: string;
  readonly question: string;
  readonly options: readonly { readonly label: string; readonly description: string }[];
  readonly multiSelect: boolean;
}

/** The questions of an `ask_user_question` payload. */
export function questionsOf(payload: JsonObject): Question[] {
  const questions = payload["questions"];
  if (!Array.isArray(questions)) return [];
  const keys = new Set<string>();
  return questions.filter(isObject).map((entry) => {
    const question = stringOr(entry["question"], stringOr(entry["header"], "question"));
    const options = Array.isArray(entry["options"]) ? entry["options"] : [];
    const header = stringOr(entry["header"], question);
    const key = keys.has(header) ? question : header;
    keys.add(key);
    return {
      key,
      question,
      options: options.map((option) =>
        isObject(option)
          ? {
            label: stringOr(option["label"], ""),
            description: stringOr(option["description"], ""),
          }
          : { label: wordsOf(option), description: "" }
      ),
      multiSelect: entry["multiSelect"] === true,
    };
  });
}

/** A value that is a string with something in it, else the fallback. */
export function stringOr(value: unknown, fallback: string): string {
  return typeof value === "string" && value !== "" ? value : fallback;
}
