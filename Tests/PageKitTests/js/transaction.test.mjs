import assert from "node:assert/strict";
import { createHash, createPublicKey, verify, webcrypto } from "node:crypto";
import { test } from "node:test";
import { asset } from "./assets.mjs";

const bytes = await asset("bytes.js");
const { payloadLine, preAuthenticationEncoding, signTransaction, signedText, transactionId, withLowS, lifetime } =
  await asset("transaction.js");

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const text = (part) => new TextDecoder().decode(part);

test("base64url agrees with node for every length", () => {
  for (let length = 0; length < 70; length += 1) {
    const some = webcrypto.getRandomValues(new Uint8Array(length));
    const spelled = bytes.base64url(some);
    assert.equal(spelled, Buffer.from(some).toString("base64url"));
    assert.deepEqual(bytes.fromBase64url(spelled), some);
    assert.equal(bytes.hex(some), Buffer.from(some).toString("hex"));
  }
  assert.throws(() => bytes.fromBase64url("a+b/"));
});

test("the encoding is DSSE's, lengths in bytes", () => {
  assert.equal(text(preAuthenticationEncoding("hello world", "http://example.com/HelloWorld")),
    "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  assert.equal(text(preAuthenticationEncoding("邻链", "t")), "DSSEv1 1 t 6 邻链");
});

test("the payload is one line with the ledger's keys in order", () => {
  const line = payloadLine({
    ledger: "a\nb", type: "x.y", nonce: new Uint8Array(16), notAfter: 5, as: "guest", body: { code: "1" },
  });
  assert.equal(line, '{"ledger":"a\\nb","type":"x.y","nonce":"AAAAAAAAAAAAAAAAAAAAAA","notAfter":5,"as":"guest","body":{"code":"1"}}');
  assert.ok(!line.includes("\n"));
});

test("low s: the smaller of the two, r untouched, edges exact", () => {
  const r = new Uint8Array(32).fill(7);
  const signature = (s) => bytes.concat(r, bytes.fromBigInt(s, 32));
  const half = order / 2n;
  for (const [s, expected] of [[1n, 1n], [half, half], [half + 1n, order - half - 1n], [order - 1n, 1n]]) {
    const low = withLowS(signature(s));
    assert.equal(bytes.toBigInt(low.subarray(32)), expected);
    assert.deepEqual(low.subarray(0, 32), r);
    assert.equal(low.length, 64);
  }
});

test("what is signed here is accepted by node's own crypto, always with low s", async () => {
  const pair = await webcrypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const spki = Buffer.from(await webcrypto.subtle.exportKey("spki", pair.publicKey));
  const publicKey = createPublicKey({ key: spki, format: "der", type: "spki" });
  const keyid = createHash("sha256").update(spki).digest("base64url");
  for (let round = 0; round < 40; round += 1) {
    const signed = await signTransaction({ keyid, privateKey: pair.privateKey }, {
      ledger: "例.example", type: "assembly.castBallot", as: "resident", body: { choice: "yes", motion: "m", unit: "u" },
      now: 1000,
    });
    const [header, line, payload, rest] = signed.text.split("\n");
    const [algorithm, named, spelled] = line.split(" ");
    assert.equal(header, "linlian/tx/v1");
    assert.equal(algorithm, "ES256");
    assert.equal(named, keyid);
    assert.equal(rest, "");
    const encoding = preAuthenticationEncoding(payload);
    const signature = Buffer.from(spelled, "base64url");
    assert.ok(verify("sha256", encoding, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature));
    assert.ok(bytes.toBigInt(signature.subarray(32)) <= order / 2n);
    assert.equal(signed.id, createHash("sha256").update(encoding).digest("hex"));
    assert.equal(await transactionId(payload), signed.id);
    const content = JSON.parse(payload);
    assert.equal(content.notAfter, 1000 + lifetime);
    assert.equal(Buffer.from(content.nonce, "base64url").length, 16);
    assert.equal(signed.text, signedText(keyid, signature, payload));
  }
});
