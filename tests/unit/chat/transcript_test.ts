import { assertEquals } from "@std/assert";
import { RenderedTranscript } from "../../../src/chat/transcript.ts";
import { PlainView } from "../../../src/chat/plain_view.ts";
import { safeText } from "../../../src/render/safe_text.ts";
import { makeStyles } from "../../../src/render/styles.ts";
import { FakeTerminal } from "../../support/fake_terminal.ts";

for (
  const [columns, printed] of [
    [30, "Attached to session streamed.\n  Ctrl-C detaches.\n"],
    [undefined, "Attached to session streamed. Ctrl-C detaches.\n"],
  ] as const
) {
  Deno.test(`RenderedTranscript.notice() keeps words whole, and stands in below its first row, in ${columns ?? "any number of"} columns`, () => {
    const terminal = new FakeTerminal();
    const transcript = new RenderedTranscript(new PlainView(terminal), {
      style: { styles: makeStyles(false), verbose: false },
      showHistory: true,
      quiet: false,
      ...(columns === undefined ? {} : { columns: () => columns }),
    });
    transcript.notice(safeText`Attached to session streamed. Ctrl-C detaches.`);
    assertEquals(terminal.stderr.text, printed);
  });
}
