import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { asset } from "./assets.mjs";

const { bodyOf, canonical, contentBytes, fresh, instant, wallClock, words } = await asset("form-body.js");

const control = (field, kind, value, files = []) => ({ field, kind, value, files });
const bodyFrom = async (...controls) => (await bodyOf(controls, 480)).body;

test("keys are sorted at every depth, lists keep their order", () => {
  assert.equal(JSON.stringify(canonical({ b: [{ d: 1, c: 2 }, 3], a: { f: null, e: "x" } })),
    '{"a":{"e":"x","f":null},"b":[{"c":2,"d":1},3]}');
});

test("dots nest, empty controls are left out, texts are trimmed", async () => {
  const body = await bodyFrom(
    control("title", undefined, "  水管  "), control("audience.kind", undefined, "building"),
    control("audience.building", undefined, "3"), control("note", undefined, "   "), control("list", undefined, ["b", "a"]),
    control("text", undefined, "a\r\nb\n"), control("no", "boolean", false), control("yes", "boolean", "true"),
  );
  assert.equal(JSON.stringify(body),
    '{"audience":{"building":"3","kind":"building"},"list":["b","a"],"no":false,"text":"a\\nb","title":"水管","yes":true}');
});

test("numbers as people type them", async () => {
  assert.deepEqual(await bodyFrom(control("a", "integer", " 1,200 "), control("b", "integer", "１２"), control("c", "integer", "-3")),
    { a: 1200, b: 12, c: -3 });
  for (const [typed, value] of [["0.29", 29], ["89.5", 8950], ["1,234.56", 123456], ["７．５", 750], ["-0.01", -1], ["4", 400]]) {
    assert.deepEqual(await bodyFrom(control("a", "hundredths", typed)), { a: value }, typed);
  }
});

test("what is no number, no time is told by its control, all of them at once", async () => {
  const made = await bodyOf([
    control("a", "integer", "1.5"), control("b", "hundredths", "1.234"), control("c", "instant", "tomorrow"),
    control("d", "integer", "9007199254740992"), control("e", "instant", "2026-02-31T10:00"), control("f", undefined, "fine"),
  ], 480);
  assert.deepEqual(made.faults.map(({ at, fault }) => [at, fault]),
    [[0, "integer"], [1, "hundredths"], [2, "instant"], [3, "integer"], [4, "instant"]]);
});

test("times are those of the site's zone, whatever the device's", () => {
  assert.equal(instant("2026-03-05T14:30", 480), Date.parse("2026-03-05T14:30:00+08:00"));
  assert.equal(instant("2026-03-05T14:30", -210), Date.parse("2026-03-05T14:30:00-03:30"));
  for (const offset of [480, 0, -210]) assert.equal(wallClock(instant("2026-12-31T23:55", offset), offset), "2026-12-31T23:55");
});

test("lists are parted as people do", () => {
  assert.deepEqual(words("电梯，门禁、 路灯,\n围墙\n"), ["电梯", "门禁", "路灯", "围墙"]);
});

test("a fresh identifier has its prefix and is new", () => {
  const made = Array.from({ length: 200 }, () => fresh("q"));
  for (const id of made) assert.match(id, /^q-[a-z0-9]{12}$/);
  assert.equal(new Set(made).size, made.length);
});

test("a text beside the ledger: a random line, then the text; the body has the digest", async () => {
  const made = await bodyOf([control("content", "content", " 电梯\r\n坏了 ")], 480);
  const [{ bytes, digest, text }] = made.contents;
  const [salt, ...lines] = new TextDecoder().decode(bytes).split("\n");
  assert.equal(Buffer.from(salt, "base64url").length, 16);
  assert.equal(salt.length, 22);
  assert.equal(lines.join("\n"), "电梯\n坏了");
  assert.equal(text, "电梯\r\n坏了");
  assert.equal(digest, createHash("sha256").update(bytes).digest("hex"));
  assert.deepEqual(made.body, { content: digest });
  assert.notDeepEqual(contentBytes("a"), contentBytes("a"));
});

test("files become their digests, and are kept to be brought", async () => {
  const bytes = Buffer.from("minutes");
  const file = { name: "m.txt", type: "text/plain", arrayBuffer: async () => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) };
  const made = await bodyOf([control("attachments", "files", "", [file]), control("none", "files", "", [])], 480);
  const digest = createHash("sha256").update(bytes).digest("hex");
  assert.deepEqual(made.body, { attachments: [{ digest, mediaType: "text/plain", name: "m.txt", size: 7 }] });
  assert.equal(made.attachments[0].digest, digest);
});
