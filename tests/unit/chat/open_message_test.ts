import { assert, assertEquals } from "@std/assert";
import { OpenMessage, type ProseStream } from "../../../src/chat/open_message.ts";
import type { View } from "../../../src/chat/view.ts";
import type { Frame } from "../../../src/protocol/frames.ts";
import { indentRows, renderFrame } from "../../../src/render/frames.ts";
import { MarkdownStream, renderMarkdown } from "../../../src/render/markdown.ts";
import { PlainLines } from "../../../src/render/plain_lines.ts";
import { type SafeText, safeText } from "../../../src/render/safe_text.ts";
import { makeStyles } from "../../../src/render/styles.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { makeRandom } from "../../support/random.ts";

const STYLES = makeStyles(true);
const MARKDOWN = { styles: STYLES, columns: 30 };
const HEADING = safeText`assistant:\n`;

/** A view that keeps what it is given; without a tail unless it is said. */
class Shown implements View {
  printed = "";
  readonly tails: string[] = [];
  declare tail?: (rows: SafeText) => void;

  constructor(showsTail: boolean) {
    if (showsTail) this.tail = (rows) => this.tails.push(rows);
  }

  print(text: SafeText): void {
    this.printed += text;
  }

  note(): void {}

  bell(): void {}

  hold(): Disposable {
    return { [Symbol.dispose]() {} };
  }
}

function open(
  showsTail = true,
  openProse: () => ProseStream = () => new PlainLines(),
) {
  const [clock, view] = [new FakeClock(), new Shown(showsTail)];
  const message = new OpenMessage({ clock, view, openProse });
  const take = (text: string, id = "m1") => message.take(said(text, id), () => HEADING);
  return { clock, view, message, take };
}

function said(text: string, id: string): Frame {
  return { type: "assistant", payload: { id, content: text } };
}

const TEXT = "# Title\n\nSome **bold** words that go on beyond one row.\n\n- one\n- two\n\n" +
  "```sh\nls\n\n  exit\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nthe end";

const RENDERERS: readonly [
  name: string,
  make: () => ProseStream,
  prose?: (text: string) => SafeText,
][] = [
  ["plain lines", () => new PlainLines()],
  [
    "Markdown",
    () => new MarkdownStream(MARKDOWN),
    (text) => indentRows(renderMarkdown(text, MARKDOWN)),
  ],
];

for (const [name, make, prose] of RENDERERS) {
  Deno.test(`OpenMessage.take prints in ${name} what the whole message is, however it grew`, async () => {
    const whole = renderFrame(said(TEXT, "m1"), {
      styles: STYLES,
      verbose: false,
      ...(prose === undefined ? {} : { prose }),
    });
    const random = makeRandom();
    for (let round = 0; round < 100; round++) {
      const { clock, view, message, take } = open(true, make);
      for (let length = 0; length < TEXT.length; length += 1 + random.below(20)) {
        take(TEXT.slice(0, length));
        if (random.below(3) === 0) await clock.advance(60);
      }
      take(TEXT);
      message.close();
      const body = whole.text.slice(whole.text.indexOf("\n") + 1);
      assertEquals(view.printed, `${HEADING}${body}`, `seed ${random.seed}`);
      assertEquals(view.tails.at(-1), "");
    }
  });
}

Deno.test("OpenMessage.take paints at most twenty times a second", async () => {
  const { clock, view, take } = open();
  const times: number[] = [];
  const { tail } = view;
  view.tail = (rows) => {
    times.push(clock.now());
    tail?.(rows);
  };
  let text = "";
  for (let moment = 0; moment < 1_000; moment += 10) {
    text += "word ";
    take(text);
    await clock.advance(10);
  }
  await clock.advance(50);
  assert(times.length > 10);
  times.reduce((before, time) => {
    assert(time - before >= 50, `${times}`);
    return time;
  });
  assertEquals(view.tails.at(-1), `  ${text.trim()}\n`);
});

Deno.test("OpenMessage.take begins anew with a message that does not continue the last", () => {
  const { view, message, take } = open();
  take("one");
  take("one");
  take("other");
  take("otherwise", "m2");
  message.close();
  assertEquals(view.printed, "assistant:\n  one\nassistant:\n  other\nassistant:\n  otherwise\n");
});

for (const [name, make] of RENDERERS) {
  Deno.test(`OpenMessage.take makes the same in ${name} of a message that pauses where lines end`, async () => {
    const text = TEXT.replaceAll(/^\|.*\n/gm, "");
    const { clock, view, message, take } = open(false, make);
    for (const { index } of text.matchAll(/(?<=\S)\n/g)) {
      take(text.slice(0, index));
      await clock.advance(600);
    }
    take(text);
    message.close();
    const whole = open(false, make);
    whole.take(text);
    whole.message.close();
    assertEquals(view.printed, whole.view.printed);
  });

  Deno.test(`OpenMessage.take leaves code in ${name} as it is, wherever the message pauses`, async () => {
    const code = "# a **b**\nif c:\n    - `d`\n\n    return *e*";
    const text = `\`\`\`py\n${code}\n\`\`\``;
    for (let at = text.indexOf("#"); at < text.length - 4; at++) {
      const { clock, view, message, take } = open(false, make);
      take(text.slice(0, at));
      await clock.advance(600);
      take(text);
      message.close();
      const shown = view.printed.replaceAll(/\s/g, "");
      assert(shown.includes(code.replaceAll(/\s/g, "")), JSON.stringify([at, view.printed]));
      assertEquals(view.printed.split(HEADING).length, 2);
    }
  });
}

Deno.test("OpenMessage.take repeats nothing of a message that grows after it was closed", () => {
  const { view, message, take } = open();
  take("one\ntwo");
  message.close();
  take("one\ntwo\nthree");
  message.close();
  assertEquals(view.printed, "assistant:\n  one\n  two\nassistant:\n  three\n");
});

Deno.test("OpenMessage.take goes on with code under a heading of its own after it was closed", () => {
  const { view, message, take } = open(true, () => new MarkdownStream(MARKDOWN));
  take("```\na");
  message.close();
  take("```\na\n\n  # *b*\n```\n\n*c*");
  message.close();
  // deno-lint-ignore no-control-regex
  const bare = view.printed.replaceAll(/\x1b\[[\d;]*m/g, "");
  assertEquals(bare, "assistant:\n  ```\n  a\nassistant:\n    # *b*\n  ```\n\n  c\n");
});

Deno.test("OpenMessage.take leaves frames without an id, and without text, to others", () => {
  const { view, message, take } = open();
  assertEquals(
    message.take({ type: "assistant", payload: { content: "a" } }, () => HEADING),
    false,
  );
  assertEquals(take("  "), false);
  assertEquals([view.printed, view.tails], ["", []]);
});

Deno.test("OpenMessage.take prints what is open after a while where it can't be shown otherwise", async () => {
  const { clock, view, take } = open(false);
  take("one\ntw");
  assertEquals(view.printed, "assistant:\n  one\n");
  await clock.advance(400);
  take("one\ntwo");
  await clock.advance(499);
  assertEquals(view.printed, "assistant:\n  one\n");
  await clock.advance(1);
  assertEquals(view.printed, "assistant:\n  one\n  two\n");
});
