import { assertEquals } from "@std/assert";
import type { AskContext, Asker } from "../../../src/chat/asker.ts";
import { Requests } from "../../../src/chat/requests.ts";
import type { Transcript } from "../../../src/chat/transcript.ts";
import type { ClientMessage, Frame } from "../../../src/protocol/frames.ts";
import { FakeClock } from "../../support/fakes.ts";

const MINUTE = 60_000;

function approval(id: string): Frame {
  return { type: "tool_approval_request", payload: { tool_use_id: id, tool_name: "Bash" } };
}

/** Requests before a person who answers when the test says so. */
function makeRequests(isLinkUp: () => boolean = () => true) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const notices: string[] = [];
  const sent: ClientMessage[] = [];
  const undecided: Frame[] = [];
  const answered: unknown[] = [];
  let placeOfOpen: AskContext["place"] = () => ({ number: 0, of: 0 });
  let answer: (value: "yes" | "later" | undefined) => void = () => {};
  const asker: Asker = {
    shows: () => true,
    async approval({ payload }, { signal, place }) {
      const id = String(payload["tool_use_id"]);
      asked.push(id);
      placeOfOpen = place;
      const value = await new Promise<"yes" | "later" | undefined>((resolve, reject) => {
        answer = resolve;
        signal.addEventListener("abort", () => reject(signal.reason));
      });
      return value === "yes" ? { tool_use_id: id, approved: true, approval_scope: "once" } : value;
    },
    questions({ payload }, { signal }) {
      asked.push(String(payload["question_id"]));
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    },
  };
  const transcript: Transcript = {
    frame() {},
    transport() {},
    close() {},
    loss() {},
    notice: (text) => notices.push(text),
    final: () => Promise.resolve(),
  };
  const requests = new Requests({
    asker,
    transcript,
    clock,
    linkTrouble: () => undefined,
    send(message) {
      if (isLinkUp()) sent.push(message);
      return isLinkUp();
    },
    interrupt() {
      if (isLinkUp()) sent.push({ type: "interrupt" });
      return isLinkUp();
    },
    onAnswered: ({ payload }) => answered.push(payload["tool_use_id"] ?? payload["question_id"]),
    onPutOff() {},
    onUndecided: (request) => undecided.push(request),
  });
  return {
    requests,
    clock,
    asked,
    notices,
    sent,
    undecided,
    answered,
    place: () => placeOfOpen(),
    answer: (value: "yes" | "later") => answer(value),
  };
}

/** Lets everything that can go on go on. */
async function settle() {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

Deno.test("Requests.add() asks one at a time, in order", async () => {
  const { requests, asked, answer, sent } = makeRequests();
  requests.add(approval("a"));
  requests.add(approval("b"));
  await settle();
  assertEquals([asked, requests.count], [["a"], 2]);
  answer("yes");
  await settle();
  assertEquals([asked, sent.length], [["a", "b"], 1]);
  await requests.close("ended");
});

Deno.test("Requests.answeredElsewhere() takes the open question back, and a waiting one out", async () => {
  const { requests, asked, notices } = makeRequests();
  requests.add(approval("a"));
  requests.add(approval("b"));
  requests.add(approval("c"));
  await settle();
  requests.answeredElsewhere("b");
  requests.answeredElsewhere("a");
  await settle();
  assertEquals(asked, ["a", "c"]);
  assertEquals(notices.includes("Answered elsewhere"), true);
  await requests.close("ended");
});

Deno.test("Requests.add() lets no answer through that was given in the moment of its request", async () => {
  const { requests, asked, answer, notices, sent } = makeRequests();
  requests.add(approval("a"));
  await settle();
  answer("yes");
  requests.add(approval("a"));
  await settle();
  assertEquals([asked, sent, notices.length], [["a", "a"], [], 1]);
  answer("yes");
  requests.answeredElsewhere("a");
  await settle();
  assertEquals([requests.count, sent, notices.length], [0, [], 2]);
});

Deno.test("Requests.askAgain() does not ask what another request of its id has replaced", async () => {
  const { requests, asked, answer } = makeRequests();
  requests.add(approval("a"));
  await settle();
  answer("yes");
  await settle();
  requests.add(approval("a"));
  requests.askAgain("a");
  await settle();
  answer("yes");
  await settle();
  assertEquals([asked, requests.count], [["a", "a"], 0]);
});

Deno.test("Requests.add() gives up after the server's five minutes, and says so", async () => {
  const { requests, clock, notices, sent } = makeRequests();
  requests.add(approval("a"));
  await settle();
  await clock.advance(5 * MINUTE);
  await settle();
  assertEquals(notices.some((notice) => notice.startsWith("Timed out")), true);
  assertEquals([sent, requests.count], [[], 0]);
});

Deno.test("Requests.close() tells a session's end from a time-out", async () => {
  const { requests, notices } = makeRequests();
  requests.add(approval("a"));
  await settle();
  await requests.close("ended");
  assertEquals(notices, ["The session ended before an answer was given"]);
});

Deno.test("Requests.close() does not take leaving for the session's end", async () => {
  const { requests, notices } = makeRequests();
  requests.add(approval("a"));
  await settle();
  await requests.close("left");
  assertEquals(notices, ["No answer was given, because the session was left"]);
});

Deno.test("Requests.add() says which of how many is open, also of those that come later", async () => {
  const { requests, place, answer } = makeRequests();
  requests.add(approval("a"));
  await settle();
  assertEquals(place(), { number: 1, of: 1 });
  requests.add(approval("b"));
  requests.add(approval("c"));
  assertEquals(place(), { number: 1, of: 3 });
  answer("yes");
  await settle();
  assertEquals(place(), { number: 2, of: 3 });
  answer("yes");
  await settle();
  answer("yes");
  await settle();
  requests.add(approval("d"));
  await settle();
  assertEquals(place(), { number: 1, of: 1 });
  await requests.close("ended");
});

Deno.test("Requests.reopenUnsent() follows an answer that is told only when it was sent, and keeps a denial that was not", async () => {
  let isUp = false;
  const { requests, notices, answer, asked } = makeRequests(() => isUp);
  requests.add(approval("a"));
  await settle();
  answer("yes");
  await settle();
  assertEquals(notices.filter((notice) => notice.startsWith("Approved")), []);
  requests.reopenUnsent();
  await settle();
  assertEquals(requests.withdraw(), true);
  await settle();
  assertEquals([notices.includes("Denied"), requests.count], [false, 1]);
  requests.reopenUnsent();
  await settle();
  answer("later");
  await settle();
  assertEquals(requests.denyPostponed(), true);
  assertEquals([notices.includes("Denied"), requests.count], [false, 1]);
  isUp = true;
  requests.reopenUnsent();
  await settle();
  answer("yes");
  await settle();
  assertEquals(notices.at(-1), "Approved, this call only");
  assertEquals([asked.length, requests.count], [4, 0]);
});

Deno.test("Requests.reopen() asks again what was put off, and denyPostponed() denies it", async () => {
  const { requests, asked, answer, sent } = makeRequests();
  requests.add(approval("a"));
  await settle();
  answer("later");
  await settle();
  assertEquals([requests.count, requests.reopen()], [1, true]);
  await settle();
  answer("later");
  await settle();
  assertEquals(asked, ["a", "a"]);
  assertEquals(requests.denyPostponed("too risky"), true);
  assertEquals(sent.map(({ type }) => type), ["tool_approval_response"]);
  assertEquals([requests.reopen(), requests.denyPostponed()], [false, false]);
});

Deno.test("Requests.reopenUnsent() asks again what was answered while the link was down", async () => {
  let isUp = false;
  const { requests, asked, answer, sent } = makeRequests(() => isUp);
  requests.add(approval("a"));
  await settle();
  answer("yes");
  await settle();
  assertEquals([sent, requests.count], [[], 1]);
  isUp = true;
  requests.reopenUnsent();
  await settle();
  answer("yes");
  await settle();
  assertEquals([asked, sent.length, requests.count], [["a", "a"], 1, 0]);
});

Deno.test("Requests.withdraw() interrupts, or asks again where that could not be sent", async () => {
  let isUp = false;
  const { requests, asked, sent, answered } = makeRequests(() => isUp);
  requests.add({ type: "ask_user_question", payload: { question_id: "q" } });
  await settle();
  requests.withdraw();
  await settle();
  assertEquals([requests.count, answered, sent], [1, [], []]);
  isUp = true;
  requests.reopenUnsent();
  requests.add(approval("a"));
  await settle();
  requests.withdraw();
  await settle();
  assertEquals([asked, answered], [["q", "q", "a"], ["q"]]);
  requests.withdraw();
  await settle();
  assertEquals([requests.count, answered], [0, ["q", "a"]]);
  assertEquals(sent.map(({ type }) => type), ["interrupt", "tool_approval_response", "interrupt"]);
});

Deno.test("Requests.askAgain() asks again for an answer that may be lost, but not for a settled one", async () => {
  const { requests, asked, answer } = makeRequests();
  requests.add(approval("a"));
  await settle();
  answer("yes");
  await settle();
  requests.askAgain("a");
  await settle();
  assertEquals(asked, ["a", "a"]);
  answer("yes");
  await settle();
  requests.answeredElsewhere("a");
  requests.askAgain("a");
  await settle();
  assertEquals(asked, ["a", "a"]);
});
