// The browser build against node's own cryptography: node builds the trees and receipts, the module checks them.
import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, randomBytes, sign, webcrypto } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const file = new URL("../../Artifacts/linlian.wasm", import.meta.url);
const { instance } = await WebAssembly.instantiate(await readFile(file), {});
const wasm = instance.exports;

/** Calls an export with byte arguments, each passed as pointer and length; reads and frees its reply. */
function call(name, ...parts) {
    const held = [];
    const values = parts.flatMap((part) => {
        if (typeof part === "number") return [part];
        const pointer = wasm.linlian_alloc(part.length);
        new Uint8Array(wasm.memory.buffer, pointer, part.length).set(part);
        held.push(pointer);
        return part.pointerOnly ? [pointer] : [pointer, part.length];
    });
    const reply = wasm[name](...values);
    const view = new DataView(wasm.memory.buffer);
    const codeLength = view.getUint32(reply, true);
    const code = Buffer.from(wasm.memory.buffer, reply + 4, codeLength).toString("utf8");
    const length = view.getUint32(reply + 4 + codeLength, true);
    const bytes = Buffer.from(Buffer.from(wasm.memory.buffer, reply + 8 + codeLength, length));
    for (const pointer of [reply, ...held]) wasm.linlian_free(pointer);
    return { code, bytes };
}

const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const leafHash = (entry) => sha256(Buffer.of(0), entry);
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);

/** RFC 6962 §2.1. */
function root(leaves) {
    if (leaves.length === 0) return sha256();
    if (leaves.length === 1) return leaves[0];
    const k = split(leaves.length);
    return nodeHash(root(leaves.slice(0, k)), root(leaves.slice(k)));
}

/** RFC 6962 §2.1.1. */
function path(index, leaves) {
    if (leaves.length === 1) return [];
    const k = split(leaves.length);
    return index < k
        ? [...path(index, leaves.slice(0, k)), root(leaves.slice(k))]
        : [...path(index - k, leaves.slice(k)), root(leaves.slice(0, k))];
}

function split(count) {
    let k = 1;
    while (k * 2 < count) k *= 2;
    return k;
}

function inclusionInput(index, size, rootHash, leaf, hashes) {
    const numbers = Buffer.alloc(16);
    numbers.writeBigUInt64BE(BigInt(index), 0);
    numbers.writeBigUInt64BE(BigInt(size), 8);
    return Buffer.concat([numbers, rootHash, leaf, ...hashes]);
}

test("SHA-256 is node's", () => {
    for (const length of [0, 1, 55, 56, 63, 64, 65, 1000, 100_000]) {
        const bytes = randomBytes(length);
        assert.deepEqual(call("linlian_sha256", bytes).bytes, sha256(bytes));
    }
});

test("inclusion proofs of node's trees hold, damaged ones do not", () => {
    for (let size = 1; size <= 40; size++) {
        const leaves = Array.from({ length: size }, (_, index) => leafHash(Buffer.from(`entry ${index}`)));
        for (let index = 0; index < size; index++) {
            const hashes = path(index, leaves);
            const good = inclusionInput(index, size, root(leaves), leaves[index], hashes);
            assert.equal(call("linlian_verify_inclusion", good).code, "");
            for (const place of [16, 48, good.length - 1]) {
                const bad = Buffer.from(good);
                bad[place] ^= 1;
                assert.equal(call("linlian_verify_inclusion", bad).code, "proof.root");
            }
            const beyond = inclusionInput(size, size, root(leaves), leaves[index], hashes);
            assert.equal(call("linlian_verify_inclusion", beyond).code, "proof.index");
            const long = Buffer.concat([good, leaves[0]]);
            assert.equal(call("linlian_verify_inclusion", long).code, "proof.length");
            assert.equal(call("linlian_verify_inclusion", good.subarray(1)).code, "proof.malformed");
        }
    }
});

test("memory settles however many proofs are checked", () => {
    const leaves = Array.from({ length: 1000 }, (_, index) => leafHash(Buffer.from(`entry ${index}`)));
    const input = inclusionInput(123, 1000, root(leaves), leaves[123], path(123, leaves));
    const check = (count) => {
        for (let round = 0; round < count; round++) assert.equal(call("linlian_verify_inclusion", input).code, "");
    };
    check(100);
    const before = wasm.memory.buffer.byteLength;
    check(50_000);
    assert.equal(wasm.memory.buffer.byteLength, before);
});

/** A note key: its signing function and its verifier key text (C2SP signed-note). */
function noteKey(name, type) {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const raw = publicKey.export({ type: "spki", format: "der" }).subarray(-32);
    const material = Buffer.concat([Buffer.of(type), raw]);
    const id = sha256(Buffer.from(name + "\n"), material).subarray(0, 4);
    const line = (text, time) => {
        const header = type === 4 ? Buffer.from(`cosignature/v1\ntime ${time}\n`) : Buffer.alloc(0);
        const stamp = Buffer.alloc(type === 4 ? 8 : 0);
        if (type === 4) stamp.writeBigUInt64BE(BigInt(time));
        const signature = sign(null, Buffer.concat([header, text]), privateKey);
        return `— ${name} ${Buffer.concat([id, stamp, signature]).toString("base64")}\n`;
    };
    return { line, vkey: `${name}+${id.toString("hex")}+${material.toString("base64")}` };
}

function receipt() {
    const log = noteKey("邻里.example/log", 1);
    const parties = ["a.example", "b.example"].map((name) => noteKey(name, 4));
    const entries = Array.from({ length: 21 }, (_, index) => Buffer.from(`linlian/tx/v1\nentry ${index}\n`));
    const leaves = entries.map(leafHash);
    const text = Buffer.from(`邻里.example/log\n21\n${root(leaves).toString("base64")}\n`);
    const signatures = [log.line(text), ...parties.map((party, index) => party.line(text, 1_767_225_600 + index))];
    const hashes = path(17, leaves).map((hash) => hash.toString("base64") + "\n");
    const proof = Buffer.from(
        `c2sp.org/tlog-proof@v1\nextra ${entries[17].toString("base64")}\nindex 17\n${hashes.join("")}\n` +
            `${text}\n${signatures.join("")}`,
    );
    const policy = Buffer.from(
        `log ${log.vkey}\nwitness A ${parties[0].vkey}\nwitness B ${parties[1].vkey}\ngroup both all A B\nquorum both\n`,
    );
    return { proof, policy };
}

/** A receipt checked as a page does it: the module asks, WebCrypto answers, the module decides. */
async function check(proof, policy, origin = Buffer.alloc(0)) {
    const { code, bytes } = call("linlian_receipt_questions", proof, policy, origin);
    if (code !== "") return code;
    const answers = [];
    for (let position = 0; position < bytes.length; ) {
        const length = bytes.readUInt32LE(position + 96);
        const raw = bytes.subarray(position, position + 32);
        const key = await webcrypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
        const signature = bytes.subarray(position + 32, position + 96);
        const message = bytes.subarray(position + 100, position + 100 + length);
        answers.push((await webcrypto.subtle.verify("Ed25519", key, signature, message)) ? 1 : 0);
        position += 100 + length;
    }
    return call("linlian_receipt_verdict", proof, policy, origin, Buffer.from(answers)).code;
}

test("a receipt signed by node holds, with WebCrypto for the signatures", async () => {
    const { proof, policy } = receipt();
    assert.equal(await check(proof, policy), "");
    assert.equal(await check(proof, policy, Buffer.from("邻里.example/log")), "");
    assert.equal(await check(proof, policy, Buffer.from("else.example")), "signature.origin");
    const change = (from, to) => Buffer.from(proof.toString("utf8").replace(from, to));
    assert.equal(await check(change("index 17", "index 16"), policy), "proof.root");
    assert.equal(await check(change("\n21\n", "\n22\n"), policy), "signature.invalid");
    assert.equal(await check(change(/— b\.example .*\n/, ""), policy), "signature.quorum-missing");
    assert.equal(await check(change(/— 邻里.*\n/, ""), policy), "signature.log-missing");
    assert.equal(await check(change("tlog-proof@v1", "tlog-proof@v2"), policy), "receipt.malformed");
    assert.equal(await check(proof, Buffer.from("quorum x\n")), "policy.unknown-name");
    const other = receipt();
    const signature = /— b\.example .*\n/;
    // The same name with another key is an unknown key, and is passed over.
    const foreign = other.proof.toString("utf8").match(signature)[0];
    assert.equal(await check(change(signature, foreign), policy), "signature.quorum-missing");
    const spoiled = proof.toString("utf8").match(signature)[0].replace(/(.)(.{3})\n$/, (_, a, b) => (a === "A" ? "B" : "A") + b + "\n");
    assert.equal(await check(change(signature, spoiled), policy), "signature.invalid");
});

test("whatever bytes come in, the module answers", () => {
    const { proof, policy } = receipt();
    let seed = 1;
    const below = (bound) => (seed = (seed * 48271) % 2147483647) % bound;
    for (let round = 0; round < 3000; round++) {
        const noise = Buffer.from(Array.from({ length: round % 300 }, () => below(256)));
        const bytes = round % 3 === 0 ? noise : Buffer.from(proof);
        for (let flips = 0; flips < 3 && bytes.length > 0; flips++) bytes[below(bytes.length)] ^= 1 << below(8);
        assert.equal(typeof call("linlian_receipt_questions", bytes, policy, Buffer.alloc(0)).code, "string");
        assert.notEqual(call("linlian_verify_inclusion", bytes).code, "");
    }
});

test("state proofs: a tree of one key, and of two", () => {
    const key = Buffer.from("registry/household/7");
    const value = Buffer.from('{"area":8950}');
    const pointer = (bytes) => Object.assign(Buffer.from(bytes), { pointerOnly: true });
    const check = (proof, name, content, rootHash) => {
        const size = content === null ? [pointer([0]), -1] : [content];
        return call("linlian_verify_state", proof, name, ...size, pointer(rootHash)).code;
    };
    const leaf = (name, content) => sha256(Buffer.of(0), sha256(name), sha256(content));
    const alone = leaf(key, value);
    const present = Buffer.of(1, 0, 0);
    assert.equal(check(present, key, value, alone), "");
    assert.equal(check(present, key, Buffer.from("{}"), alone), "state-proof.root");
    assert.equal(check(present, key, null, alone), "state-proof.present");
    const other = Buffer.from("registry/household/8");
    const absent = Buffer.concat([Buffer.of(2, 0, 0), sha256(key), sha256(value)]);
    assert.equal(check(absent, other, null, alone), "");
    assert.equal(check(absent, key, null, alone), "state-proof.unrelated-key");
    assert.equal(check(Buffer.of(0, 0, 0), key, null, Buffer.alloc(32)), "");
    assert.equal(check(Buffer.of(1, 0), key, value, alone), "state-proof.malformed");
});
