// What this device keeps, and nobody else: its identities, what was signed and is not final yet, what was done with it, and
// for staff their keys and the acts that wait to be signed.

const version = 2;
/** So many acts of the past are kept; the ledger itself keeps them all. */
const mostActs = 500;

/** Every table with its key, by the version that brought it. */
const tables = [
  { since: 1, name: "identities", keyPath: "ledger" },
  { since: 1, name: "pending", keyPath: "id" },
  { since: 2, name: "acts", keyPath: "id" },
  { since: 2, name: "contents", keyPath: "digest" },
  { since: 2, name: "staff", keyPath: "keyid" },
  { since: 2, name: "tray", keyPath: "number", autoIncrement: true },
];

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("linlian", version);
    request.onupgradeneeded = ({ oldVersion }) => {
      for (const { since, name, ...options } of tables) {
        if (since > oldVersion) request.result.createObjectStore(name, options);
      }
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

async function run(table, mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(table, mode);
      const request = work(transaction.objectStore(table));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

const get = (table, key) => run(table, "readonly", (rows) => rows.get(key));
const all = (table) => run(table, "readonly", (rows) => rows.getAll());
const put = (table, record) => run(table, "readwrite", (rows) => rows.put(record));
const drop = (table, key) => run(table, "readwrite", (rows) => rows.delete(key));

/** The identity `{ ledger, keyid, privateKey, publicKey, account? }`, or undefined. */
export const identity = (ledger) => get("identities", ledger);

/** Keeps an identity; the private key cannot be taken out of the browser. */
export const keepIdentity = (record) => put("identities", record);

/** The acts `{ id, ledger, text, label, path, notAfter }` that are not final yet. */
export const pending = () => all("pending");

/** Keeps a signed act until it is final. */
export const keepPending = (record) => put("pending", record);

/** Forgets an act that is final or was refused. */
export const dropPending = (id) => drop("pending", id);

/**
 * What this device did on a ledger, the latest first: `{ id, ledger, label, path, type, as, time, state, receipt?, code?,
 * message? }`; `state` is "sending", "final" or "refused".
 */
export async function acts(ledger) {
  return (await all("acts")).filter((act) => act.ledger === ledger).sort((one, other) => other.time - one.time);
}

/** Writes what became of an act; those long past make room. */
export async function keepAct(record) {
  await put("acts", record);
  const past = await acts(record.ledger);
  await Promise.all(past.slice(mostActs).map((act) => drop("acts", act.id)));
}

/** Contents `{ digest, bytes, act }` that the node does not have yet; `act` is the id of the act that names the digest. */
export const contents = () => all("contents");

/** Keeps a content until the node has it. */
export const keepContent = (record) => put("contents", record);

/** Forgets a content that the node has, or will never want. */
export const dropContent = (digest) => drop("contents", digest);

/** The staff keys `{ keyid, ledger, privateKey, account, party, partyName, title, roles }` of a ledger, in no order. */
export const staffKeys = async (ledger) => (await all("staff")).filter((key) => key.ledger === ledger);

/** Keeps a staff key; the private key cannot be taken out of the browser. */
export const keepStaffKey = (record) => put("staff", record);

/** Removes a staff key from this device. */
export const dropStaffKey = (keyid) => drop("staff", keyid);

/** The acts of a ledger that wait to be signed, in the order they came; see `tray.js`. */
export const trayItems = async (ledger) => (await all("tray")).filter((item) => item.ledger === ledger);

/** Puts an act into the tray, or back to its place; answers its number. */
export const keepTrayItem = (record) => put("tray", record);

/** Takes an act out of the tray. */
export const dropTrayItem = (number) => drop("tray", number);
