// A signed transaction in the ledger's text form: the payload line, DSSE's pre-authentication encoding, ES256.
import { base64url, concat, fromBigInt, hex, sha256, toBigInt, utf8 } from "./bytes.js";

export const payloadType = "application/vnd.linlian.tx+json";
export const mediaType = "application/vnd.linlian.tx";
/** How long a signed transaction may wait to be put in order, in milliseconds. */
export const lifetime = 15 * 60 * 1000;

// The order of the P-256 group (FIPS 186-5, SP 800-186).
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The payload: one line of JSON, keys in the ledger's order. */
export function payloadLine({ ledger, type, nonce, notAfter, as, body }) {
  return JSON.stringify({ ledger, type, nonce: base64url(nonce), notAfter, as, body });
}

/** DSSE v1 pre-authentication encoding: what is signed, and whose SHA-256 is the transaction's id. */
export function preAuthenticationEncoding(payload, kind = payloadType) {
  const content = utf8(payload);
  return concat(utf8(`DSSEv1 ${utf8(kind).length} ${kind} ${content.length} `), content);
}

/** The transaction's id: SHA-256 of the encoding, hexadecimal. */
export const transactionId = async (payload) => hex(await sha256(preAuthenticationEncoding(payload)));

/** Of the two signatures (r, s) and (r, n − s) that are equally good, the one with the smaller s. */
export function withLowS(signature) {
  const s = toBigInt(signature.subarray(32));
  return s > order / 2n ? concat(signature.subarray(0, 32), fromBigInt(order - s, 32)) : signature;
}

/** The text that is sent: header, signature line, payload line. */
export const signedText = (keyid, signature, payload) =>
  `linlian/tx/v1\nES256 ${keyid} ${base64url(signature)}\n${payload}\n`;

/** ES256 over the encoding of a payload, in the low-s form. */
async function signature(key, payload, kind) {
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  const raw = await crypto.subtle.sign(algorithm, key.privateKey, preAuthenticationEncoding(payload, kind));
  return withLowS(new Uint8Array(raw));
}

/** A line of its own that signs a payload of another kind: algorithm, key, signature. */
export const signatureLine = async (key, payload, kind) =>
  `ES256 ${key.keyid} ${base64url(await signature(key, payload, kind))}`;

/** Signs one act; answers its id and the text to send. `key` is `{ keyid, privateKey }`, `now` the server's time. */
export async function signTransaction(key, { ledger, type, as, body, now }) {
  const nonce = crypto.getRandomValues(new Uint8Array(16));
  const payload = payloadLine({ ledger, type, nonce, notAfter: now + lifetime, as, body });
  return {
    id: await transactionId(payload),
    text: signedText(key.keyid, await signature(key, payload), payload),
    notAfter: now + lifetime,
  };
}
