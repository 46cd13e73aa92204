import { Document, Scalar, type ScalarTag, type Tags, visit } from "yaml";
import { ExactNumber } from "../protocol/exact_json.ts";
import { escapeUnsafe, isUnsafe, type SafeText } from "./safe_text.ts";

/** Plain text that some reader takes for something else: YAML 1.1's `=` and `<<`, 1.2's octals. */
const AMBIGUOUS = /^(?:=|<<|[-+]?0o[0-7]+)$/;

/** YAML 1.1 reads a number with an exponent as text where it has no point. */
const EXPONENT: ScalarTag = {
  tag: "tag:yaml.org,2002:float",
  default: true,
  identify: (value) => typeof value === "number" && /^-?\de/.test(String(value)),
  test: /(?!)/,
  resolve: Number,
  stringify: ({ value }) => String(value).replace("e", ".0e"),
};

/** What no double holds stands as it is. */
const EXACT: ScalarTag = {
  ...EXPONENT,
  identify: (value) => value instanceof ExactNumber,
  stringify: ({ value }) => String(value).replace(/^(-?\d+)(?=e)/i, "$1.0"),
};

/**
 * A JSON value as YAML that readers of YAML 1.1 (as PyYAML is) and 1.2 take for the same value.
 * Nothing is lost: text with what a terminal would act upon stands in double quotes, with escapes.
 */
export function toYaml(value: unknown): SafeText {
  const document = new Document(value, {
    version: "1.1",
    aliasDuplicateObjects: false,
    customTags: (tags) => [EXPONENT, EXACT, ...tags.filter(isNotMerge)],
  });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value !== "string") return;
      const isWhole = node === document.contents;
      if (isWhole || needsQuotes(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const text = document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Infinity });
  return escapeUnsafe(text, escape);
}

/** The tag of merge keys is left out: it would write the text `<<` without quotes. */
function isNotMerge(tag: Tags[number]): boolean {
  return typeof tag === "string" || tag.tag !== "tag:yaml.org,2002:merge";
}

/** Beside what the library finds; PyYAML takes no tab in plain text or at the start of a block. */
function needsQuotes(text: string): boolean {
  return AMBIGUOUS.test(text) || /^\t|^[^\n]*\t[^\n]*$/.test(text) || isUnsafe(text);
}

function escape(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, "0")}` : `\\u${code.padStart(4, "0")}`;
}
