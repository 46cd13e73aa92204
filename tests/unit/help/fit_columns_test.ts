import { assert, assertEquals } from "@std/assert";
import { firstSteps } from "../../../src/help/first_steps.ts";
import { fitColumns } from "../../../src/help/fit_columns.ts";
import { TOPICS } from "../../../src/help/topics.ts";
import { widthOf } from "../../../src/render/width.ts";

const TEXTS = [firstSteps(), ...TOPICS.map(({ text }) => text)];

Deno.test("fitColumns() leaves text as it is where there is room for it", () => {
  for (const text of TEXTS) {
    assertEquals([fitColumns(text, 80), fitColumns(text, 200)], [text, text]);
  }
});

/** The words of a text, in their order. */
function wordsOf(text: string): string {
  return text.replaceAll(/\s+/g, "");
}

for (const columns of [40, 60, 79]) {
  Deno.test(`fitColumns() loses no word in ${columns} columns, and only commands are wider`, () => {
    for (const text of TEXTS) {
      const fitted = fitColumns(text, columns);
      assertEquals(wordsOf(fitted), wordsOf(text));
      for (const line of fitted.split("\n")) {
        const isCommand = /^ +(?:limacharlie|sha256sum|install) /.test(line);
        assert(isCommand || widthOf(line) <= columns, `${columns}: ${line}`);
      }
    }
  });
}

Deno.test("fitColumns() wraps prose, and puts columns below one another where it has to", () => {
  const text = `What an agent or a server says passes
a sanitizer.

  -o jsonl   one envelope a line, always ending in
             one of type "final"
  --on-approval deny     decide without a person; what
                         no pattern allows is denied
  limacharlie ai session attach      choose one
  limacharlie ai session list --status running

1. On another machine, take the executable
   and SHA256SUMS.

                      of the organization    of your own
  watch       ai session attach      ai session attach
`;
  assertEquals(
    fitColumns(text, 36),
    `What an agent or a server says
passes a sanitizer.

  -o jsonl   one envelope a line,
             always ending in one of
             type "final"
  --on-approval deny
    decide without a person; what no
    pattern allows is denied
  limacharlie ai session attach
    choose one
  limacharlie ai session list --status running

1. On another machine, take the
   executable and SHA256SUMS.

  of the organization
  of your own
  watch
    ai session attach
    ai session attach
`,
  );
});
