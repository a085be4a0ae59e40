// What this device keeps: one identity for each ledger, and the acts that were signed but are not final yet.

const version = 1;

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("linlian", version);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("identities", { keyPath: "ledger" });
      request.result.createObjectStore("pending", { keyPath: "id" });
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

/** The identity `{ ledger, keyid, privateKey, publicKey, account? }`, or undefined. */
export const identity = (ledger) => run("identities", "readonly", (table) => table.get(ledger));

/** Keeps an identity; the private key cannot be taken out of the browser. */
export const keepIdentity = (record) => run("identities", "readwrite", (table) => table.put(record));

/** The acts `{ id, ledger, text, label, notAfter }` that are not final yet. */
export const pending = () => run("pending", "readonly", (table) => table.getAll());

/** Keeps a signed act until it is final. */
export const keepPending = (record) => run("pending", "readwrite", (table) => table.put(record));

/** Forgets an act that is final or was refused. */
export const dropPending = (id) => run("pending", "readwrite", (table) => table.delete(id));
