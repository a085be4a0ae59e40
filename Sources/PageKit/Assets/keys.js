// The resident's key: P-256, made on this device, not to be taken out of it.
import { accountOfKey } from "./api.js";
import { base64url, sha256 } from "./bytes.js";
import { identity, keepIdentity } from "./store.js";

const algorithm = { name: "ECDSA", namedCurve: "P-256" };

/** Whether this browser can make and keep a key here: it must be a secure address and not a private window without storage. */
export const canSign = () => Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);

/** The key's name on the ledger: base64url of SHA-256 of its SubjectPublicKeyInfo. */
export const keyName = async (publicKey) =>
  base64url(await sha256(new Uint8Array(await crypto.subtle.exportKey("spki", publicKey))));

/** The 65 bytes of the uncompressed point, base64url, as they are recorded on the ledger. */
export const publicPoint = async (publicKey) =>
  base64url(new Uint8Array(await crypto.subtle.exportKey("raw", publicKey)));

/** This device's identity for a ledger, made now if there is none. */
export async function identityFor(ledger) {
  const known = await identity(ledger);
  if (known) return known;
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
  const record = { ledger, privateKey, publicKey, keyid: await keyName(publicKey) };
  await keepIdentity(record);
  return record;
}

/** This device's identity with its account, if it is bound to one; asks the ledger when an answer was missed before. */
export async function boundIdentity(ledger) {
  const known = await identity(ledger);
  if (!known || known.account) return known;
  const found = await accountOfKey(known.keyid).catch(() => null);
  if (!found?.account) return known;
  const record = { ...known, account: found.account };
  await keepIdentity(record);
  return record;
}
