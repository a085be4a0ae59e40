// The tray 待签: acts of staff that are complete but for the signature. Nothing is sent before it is signed, so everything
// in it can be undone.
import { Refusal } from "./api.js";
import { deliver } from "./deliver.js";
import { holdContents } from "./contents.js";
import { bringFiles } from "./files.js";
import { ledger, serverNow, text } from "./page.js";
import { announce, capacity } from "./staff.js";
import { dropTrayItem, keepTrayItem, staffKeys } from "./store.js";
import { signTransaction } from "./transaction.js";

/**
 * Stages `{ type, label, body, rows?, contents?, files?, about? }` for the key that acts; answers the item. `rows` are
 * labels and values in words; without them the preview shows the body. `about` tells two acts on the same thing apart.
 */
export async function stage(key, act) {
  const item = {
    ledger, keyid: key.keyid, party: key.party, type: act.type, label: act.label, body: act.body, rows: act.rows ?? [],
    contents: act.contents ?? [], files: act.files ?? [], about: act.about, letters: act.letters,
    path: location.pathname, time: Date.now(),
  };
  item.number = await keepTrayItem(item);
  announce();
  return item;
}

/** Takes an act out of the tray, unsigned. */
export async function unstage(item) {
  await dropTrayItem(item.number);
  announce();
}

/** Puts an act that was taken out back to its place. */
export async function restage(item) {
  await keepTrayItem(item);
  announce();
}

/** Signs one act and follows it; it leaves the tray when it is final, and stays with its reason when it is refused. */
export async function signItem(item, show) {
  try {
    const key = (await staffKeys(ledger)).find((known) => known.keyid === item.keyid);
    if (!key) throw new Refusal({ message: text("desk.keyGone"), help: text("desk.keyGoneHelp") });
    await bringFiles(key, item.files);
    const signed = await signTransaction(key, {
      ledger, type: item.type, as: capacity(key), body: item.body, now: serverNow(),
    });
    await holdContents(signed.id, item.contents);
    const answer = await deliver({ ...signed, ledger, label: item.label, path: item.path }, show);
    await dropTrayItem(item.number);
    return answer;
  } catch (failure) {
    const { code, message, help } = failure;
    await keepTrayItem({ ...item, failed: { code, message, help } });
    throw failure;
  } finally {
    announce();
  }
}
