import { assertEquals } from "@std/assert";
import type { AnswerDesk } from "../../../src/chat/asker.ts";
import { askQuestions } from "../../../src/chat/questions.ts";
import type { Frame } from "../../../src/protocol/frames.ts";
import { makeStyles } from "../../../src/render/styles.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** Questions to which a person types these lines in turn; an empty one takes what is offered. */
async function answersOf(questions: readonly object[], lines: readonly string[]) {
  const left = [...lines];
  const desk: AnswerDesk = {
    isPerson: true,
    showsRequests: true,
    ask: ({ default: offered }) => Promise.resolve(left.shift() || offered),
    show: () => Promise.resolve(true),
    edit: () => Promise.resolve(undefined),
  };
  const clock = new FakeClock();
  const request: Frame = { type: "ask_user_question", payload: { question_id: "q", questions } };
  const view = { print() {}, note() {}, bell() {}, hold: () => new DisposableStack() };
  const person = { view, styles: makeStyles(false), desk, clock, columns: () => 80 };
  const answer = await askQuestions(request, person, {
    deadline: clock.now() + 300_000,
    place: () => ({ number: 1, of: 1 }),
    signal: new AbortController().signal,
    isAgain: false,
    linkTrouble: () => undefined,
    draft: { answers: new Map() },
  });
  assertEquals(left, []);
  return answer?.answers;
}

Deno.test("askQuestions() keeps an answer that is taken again, where labels are numbers", async () => {
  const last = { header: "Why", question: "Why?" };
  const one = { header: "Count", question: "How many?", options: ["2", "3", "1"] };
  for (const [typed, meant] of [["1", "2"], ["2", "3"], ["3", "1"]] as const) {
    assertEquals(await answersOf([one, last], [typed, "<", "", "so"]), { Count: meant, Why: "so" });
  }
  const several = { ...one, multiSelect: true };
  assertEquals(await answersOf([several, last], ["1,3", "<", "", "so"]), {
    Count: "2, 1",
    Why: "so",
  });
});

Deno.test("askQuestions() keeps what was typed and is no option", async () => {
  const one = { header: "Host", question: "Which?", options: ["WS-1", "WS-2"] };
  const last = { header: "Why", question: "Why?" };
  assertEquals(await answersOf([one, last], ["neither", "<", "", "so"]), {
    Host: "neither",
    Why: "so",
  });
});
