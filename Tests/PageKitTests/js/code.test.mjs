import assert from "node:assert/strict";
import { test } from "node:test";
import { asset } from "./assets.mjs";

const { codeFault, groupedCode, normaliseCode } = await asset("code.js");

test("what people type becomes the code", () => {
  const code = "7K2M90QX4WTB1E6H";
  for (const typed of [
    "7K2M-90QX-4WTB-1E6H", "7k2m 90qx 4wtb 1e6h", " 7k2m90qx4wtb1e6h\n", "7K2M—9OQX_4WTB.lE6H", "７Ｋ２Ｍ－９０ＱＸ－４ＷＴＢ－ＩＥ６Ｈ",
  ]) assert.equal(normaliseCode(typed), code, typed);
  assert.equal(codeFault(code), null);
  assert.equal(groupedCode(code), "7K2M-90QX-4WTB-1E6H");
});

test("faults are named", () => {
  assert.equal(codeFault(""), "short");
  assert.equal(codeFault("7K2M90QX4WTB1E6"), "short");
  assert.equal(codeFault("7K2M90QX4WTB1E6HH"), "long");
  assert.equal(codeFault(normaliseCode("UUUU-0000-0000-0000")), "sign");
  assert.equal(groupedCode(""), "");
});
