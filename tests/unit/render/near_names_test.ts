import { assertEquals } from "@std/assert";
import { nearNames } from "../../../src/render/near_names.ts";

const FIELDS = ["id", "status", "created_at", "started_at", "cost_usd", "end_reason"];

Deno.test("nearNames() finds names that differ by typing errors, the closest first", () => {
  assertEquals(nearNames("stauts", FIELDS), ["status"]);
  assertEquals(nearNames("Status", FIELDS), ["status"]);
  assertEquals(nearNames("creatd_at", FIELDS), ["created_at"]);
  assertEquals(nearNames("agnet-2", ["agent-1", "agent-2"]), ["agent-2", "agent-1"]);
});

Deno.test("nearNames() finds names that hold the unknown one, or are held by it", () => {
  assertEquals(nearNames("cost", FIELDS), ["cost_usd"]);
  assertEquals(nearNames("session_status", FIELDS), ["status"]);
});

Deno.test("nearNames() looks no further where a name differs in its case only", () => {
  assertEquals(nearNames("ID", ["oid", "id", "sid"]), ["id"]);
});

Deno.test("nearNames() finds nothing where nothing is near, and three names at most", () => {
  assertEquals(nearNames("zzz", FIELDS), []);
  assertEquals(nearNames("", FIELDS), []);
  assertEquals(nearNames("agent", ["agent-1", "agent-2", "agent-3", "agent-4"]).length, 3);
});
