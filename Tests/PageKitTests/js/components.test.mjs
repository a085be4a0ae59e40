import assert from "node:assert/strict";
import { test } from "node:test";
import { asset } from "./assets.mjs";

const { admitted, size } = await asset("file-drop.js");
const { length } = await asset("counter.js");

test("sizes never claim less than a file has", () => {
  assert.deepEqual([0, 1023, 1024, 1025, 1048576, 1048577, 2097152].map(size),
    ["0 B", "1023 B", "1 KB", "2 KB", "1.0 MB", "1.1 MB", "2.0 MB"]);
});

test("files join up to the limits; one that may not is named and the others stay", () => {
  const file = (name, bytes) => ({ name, size: bytes });
  const limits = { most: 2, largest: 100 };
  const [a, b, c, large] = [file("a", 1), file("b", 100), file("c", 3), file("large", 101)];
  assert.deepEqual(admitted([], [a, b], limits), { files: [a, b], fault: null });
  assert.deepEqual(admitted([a], [large, b], limits), { files: [a, b], fault: { kind: "tooLarge", name: "large" } });
  assert.deepEqual(admitted([a, b], [c], limits), { files: [a, b], fault: { kind: "tooMany", name: "c" } });
  assert.deepEqual(admitted([a], [file("a", 1)], limits), { files: [a], fault: null });
});

test("characters are counted as people count them", () => {
  assert.equal(length("门关不上👍"), 5);
  assert.equal(length(""), 0);
});
