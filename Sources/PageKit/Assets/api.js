// Talking to the ledger's API: answers, refusals with a code, and failures worth trying again.
import { learnTime, text } from "./page.js";
import { mediaType } from "./transaction.js";

/** A refusal with words for a person: `code`, `message`, `help`, `field`. */
export class Refusal extends Error {
  constructor({ code, message, help, field }) {
    super(message ?? text("refused"));
    Object.assign(this, { code, help: help ?? "", field });
  }
}

/** A failure that may pass: no network, or a server that is overloaded or restarting. */
export class Interruption extends Error {}

async function ask(address, options) {
  let response;
  try {
    response = await fetch(address, { credentials: "same-origin", cache: "no-store", ...options });
  } catch (cause) {
    throw new Interruption("network", { cause });
  }
  learnTime(response);
  if (response.status >= 500 || response.status === 429 || response.status === 408) {
    throw new Interruption(String(response.status));
  }
  let answer = null;
  if (response.status === 204) return answer;
  try {
    answer = await response.json();
  } catch (cause) {
    if (response.ok) throw new Interruption("answer", { cause });
  }
  if (!response.ok) throw new Refusal(answer?.error ?? { code: `http.${response.status}` });
  return answer;
}

/** Sends a signed act. Sending the same text again gives the same answer, so it is always safe. */
export const sendTransaction = (signed) =>
  ask("/api/v1/transactions", { method: "POST", body: signed, headers: { "content-type": mediaType } });

/** What became of an act. */
export const transaction = (id) => ask(`/api/v1/transactions/${encodeURIComponent(id)}`);

/** An account and its homes: `{ account, units: [{ unit, area, label }] }`. */
export const account = (name) => ask(`/api/v1/accounts/${encodeURIComponent(name)}`);

/** The account a key belongs to: `{ account, units }`. */
export const accountOfKey = (keyid) => ask(`/api/v1/keys/${encodeURIComponent(keyid)}`);

/** Who holds a staff key: `{ account, active, party, partyName, roles, title }`. */
export const staffOfKey = (keyid) => ask(`/api/v1/staff/${encodeURIComponent(keyid)}`);

/** A page of the owner roll: `{ page, pages, units }`. */
export const unitsOfRoll = (page) => ask(`/api/v1/units?page=${page}`);

const plainText = { "content-type": "text/plain; charset=utf-8" };

/** Brings a text that the ledger knows by its digest. */
export const sendContent = (digest, bytes) =>
  ask(`/api/v1/contents/${digest}`, { method: "PUT", body: bytes, headers: plainText });

/** Refused if the node would not take the text. */
export const checkContent = (bytes) =>
  ask("/api/v1/contents/check", { method: "POST", body: bytes, headers: plainText });

/** Brings a file; `claim` and `signature` are the headers that `files.js` signs. */
export const sendAttachment = (bytes, claim, signature) =>
  ask("/api/v1/attachments", {
    method: "POST", body: bytes, headers: { "linlian-attachment": claim, "linlian-signature": signature },
  });
