import { assertEquals } from "@std/assert";
import { PlainView } from "../../../src/chat/plain_view.ts";
import { FakeTerminal } from "../../support/fakes.ts";

Deno.test("PlainView.bell() rings where a person is asked, and nowhere in a script", () => {
  const [person, script] = [true, false].map((terminal) => new FakeTerminal({ terminal }));
  for (const terminal of [person, script]) if (terminal) new PlainView(terminal).bell();
  assertEquals([person?.stdout.text, person?.stderr.text], ["", "\x07"]);
  assertEquals([script?.stdout.text, script?.stderr.text], ["", ""]);
});
