import assert from "node:assert/strict";
import { createHash, webcrypto } from "node:crypto";
import { test } from "node:test";
import { asset } from "./assets.mjs";

const csv = await asset("csv.js");
const { acts, readRoll, tableFault } = await asset("roll-file.js");
const { rowsOf } = await asset("preview.js");
const { codeHash, codeOf, newCode } = await asset("code-making.js");

test("tables are read as RFC 4180 says, whatever their line ends and mark", () => {
  assert.deepEqual(csv.parse('\uFEFFa,b\r\n"x, y","say ""hi""\nthere"\r\n\r\n,\n'), [["a", "b"], ["x, y", 'say "hi"\nthere'], ["", ""]]);
  assert.deepEqual(csv.parse("a\nb"), [["a"], ["b"]]);
  assert.deepEqual(csv.parse(""), []);
  assert.throws(() => csv.parse('a,"b'), SyntaxError);
});

test("what is written is read back, and no cell is run as a formula", () => {
  const rows = [["a", "b, c"], ['q"q', "line\nbreak"]];
  assert.deepEqual(csv.parse(csv.write(rows)), rows);
  assert.ok(csv.write([["=1+1"]]).includes("'=1+1"));
});

const header = ["Unit", "building", "area", "area_source", "owner", "label", "holder"];
const owner = `o${"ab".repeat(10)}`;
const other = `o${"cd".repeat(10)}`;
const standing = new Map([
  ["1-1", { unit: "1-1", area: 8950, areaSource: "registry", building: "1", label: "1-1", owner }],
  ["1-2", { unit: "1-2", area: 8950, areaSource: "registry", building: "1", label: "二室", developer: true }],
]);

test("each row says what it would do to the roll that stands", () => {
  const report = readRoll([
    header,
    ["1-1", "1", "89.5", "registry", "", "", ""],
    ["1-2", "1", "89.50", "registry", other, "二室", ""],
    ["1-3", "1", "100", "survey", owner, "", "owner"],
    ["1-4", "1", "70", "contract", "", "", "developer"],
  ], standing);
  assert.deepEqual(report.map(({ row, result }) => [row, result]), [[2, "unchanged"], [3, "changed"], [4, "added"], [5, "added"]]);
  assert.equal(JSON.stringify(report[2].entry), `{"area":10000,"areaSource":"survey","building":"1","owner":"${owner}","unit":"1-3"}`);
  assert.equal(JSON.stringify(report[3].entry), '{"area":7000,"areaSource":"contract","building":"1","developer":true,"unit":"1-4"}');
  assert.equal(acts(report)[0].rows.length, 3);
});

test("wrong rows say where and why, and no name leaves", () => {
  const faults = (cells) => readRoll([header, cells], standing)[0].faults.map(([column, fault]) => `${column} ${fault}`);
  assert.deepEqual(faults(["9 9", "1", "0", "deed", owner, "", ""]), ["unit identifier", "area area", "area_source source"]);
  assert.deepEqual(faults(["9-9", "1", "1.234", "survey", "张三", "", ""]), ["area area", "owner name"]);
  assert.deepEqual(faults(["9-9", "1", "10", "survey", "", "", ""]), ["owner owner"]);
  assert.deepEqual(faults(["9-9", "1", "10", "survey", owner, "", "developer"]), ["owner developer"]);
  assert.deepEqual(faults(["9-9", "1", "10", "survey", owner, "138 0013 8000", ""]), ["label personal"]);
  const twice = readRoll([header, ["9-9", "1", "10", "survey", owner], ["9-9", "1", "10", "survey", owner]], standing);
  assert.deepEqual(twice[1].faults, [["unit", "repeated", { row: "2" }]]);
  assert.deepEqual(acts(twice).map(({ rows }) => rows.length), [1]);
  assert.deepEqual(tableFault([["unit", "area"]]), { fault: "columns", names: "building, area_source" });
  assert.deepEqual(tableFault([]), { fault: "empty" });
  assert.equal(tableFault([header]), null);
});

test("a large file is cut into acts of at most 200 rows", () => {
  const rows = Array.from({ length: 401 }, (_, at) => [`x${at}`, "1", "10", "survey", "", "", "developer"]);
  assert.deepEqual(acts(readRoll([header, ...rows], standing)).map((act) => act.rows.length), [200, 200, 1]);
  const long = rows.map((cells, at) => [...cells.slice(0, 5), `${"名".repeat(20)}${at}`, "developer"]);
  const bodies = acts(readRoll([header, ...long], standing));
  assert.equal(bodies.flatMap((body) => body.rows).length, 401);
  for (const body of bodies) assert.ok(Buffer.byteLength(JSON.stringify(body)) <= 22_020 && body.rows.length <= 200);
});

test("a body is shown in rows, long lists shortened, times in words", () => {
  const body = { closes: 5, rows: Array.from({ length: 7 }, (_, at) => ({ unit: `u${at}`, area: at })), a: { b: ["x", "y"] }, yes: true };
  assert.deepEqual(rowsOf(body, { moment: (time) => `t${time}`, most: 2, more: (count) => `of ${count}` }), [
    ["closes", "t5"], ["rows[1]", "unit u0 · area 0"], ["rows[2]", "unit u1 · area 1"], ["rows", "of 7"], ["a.b", "x, y"], ["yes", "true"],
  ]);
});

test("codes are those of the ledger", async () => {
  assert.equal(codeOf(new Uint8Array(10)), "0000000000000000");
  assert.equal(codeOf(Uint8Array.from({ length: 10 }, () => 255)), "ZZZZZZZZZZZZZZZZ");
  assert.equal(codeOf(Uint8Array.of(0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf)), "0123456789ABCDEF");
  for (let round = 0; round < 300; round += 1) assert.match(newCode(), /^[0-9A-HJKMNP-TV-Z]{16}$/);
  const hash = createHash("sha256").update(Buffer.from([3])).update("7K2M90QX4WTB1E6H").digest("hex");
  assert.equal(await codeHash("7K2M90QX4WTB1E6H"), hash);
});

test("a shortcut is one key or two in a row", async () => {
  globalThis.document ??= { addEventListener() {} };
  const { meaning } = await asset("shortcuts.js");
  const bound = ["/", "g q", "n", "?"];
  assert.equal(meaning("/", null, bound), "/");
  assert.equal(meaning("q", "g", bound), "g q");
  assert.equal(meaning("q", "n", bound), null);
  assert.equal(meaning("n", "g", bound), "n");
});

test("a staff key's file becomes a key that cannot be taken out", async () => {
  globalThis.document = { getElementById: () => null, documentElement: { dataset: {} }, addEventListener() {} };
  globalThis.performance.getEntriesByType ??= () => [];
  const { importKey, pkcs8 } = await asset("staff-key.js");
  const pair = await webcrypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const { d } = await webcrypto.subtle.exportKey("jwk", pair.privateKey);
  const spki = Buffer.from(await webcrypto.subtle.exportKey("spki", pair.publicKey));
  const keyid = createHash("sha256").update(spki).digest("base64url");
  const whole = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", pair.privateKey)).toString("base64");
  const pem = `-----BEGIN PRIVATE KEY-----\n${whole.match(/.{1,64}/g).join("\n")}\n-----END PRIVATE KEY-----\n`;
  for (const file of [`ES256 ${d}\n`, pem]) {
    const key = await importKey(file);
    assert.equal(key.keyid, keyid);
    assert.equal(key.privateKey.extractable, false);
    const signature = await webcrypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key.privateKey, new Uint8Array(3));
    assert.ok(await webcrypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, pair.publicKey, signature, new Uint8Array(3)));
  }
  for (const wrong of ["", "EdDSA abc", "ES256 short", "hello"]) assert.throws(() => pkcs8(wrong), { help: /desk\.key/ });
});
