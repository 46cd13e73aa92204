import { safeText, sanitize } from "../../src/render/safe_text.ts";
import { makeStyles, type Style, type Styles } from "../../src/render/styles.ts";

/** Styles that a test can read: `<bold>text</bold>`. */
export const TAGGED_STYLES: Styles = {
  ...makeStyles(true),
  bold: tag("bold"),
  italic: tag("italic"),
  heading: tag("heading"),
  code: tag("code"),
  link: tag("link"),
  dim: tag("dim"),
  error: tag("error"),
  inserted: tag("inserted"),
  deleted: tag("deleted"),
};

function tag(name: string): Style {
  return (text) => safeText`<${sanitize(name)}>${text}</${sanitize(name)}>`;
}
