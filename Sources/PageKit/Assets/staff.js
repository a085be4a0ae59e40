// The staff keys on this device, and which of them acts.
import { ledger } from "./page.js";
import { staffKeys } from "./store.js";

const name = `linlian.staff.${ledger}`;

/** The key that acts, of those that hold `role` if one is asked for; undefined if there is none. */
export async function actingKey(role) {
  const keys = (await staffKeys(ledger)).filter((key) => !role || key.roles.includes(role));
  let chosen = null;
  try {
    chosen = localStorage.getItem(name);
  } catch {
    // Without storage nothing was chosen.
  }
  return keys.find((key) => key.keyid === chosen) ?? keys[0];
}

/** From now on this key acts. */
export function actWith(keyid) {
  localStorage.setItem(name, keyid);
  announce();
}

/** Tells the page's scripts that the keys or the tray have changed. */
export const announce = () => document.dispatchEvent(new Event("linlian:desk"));

/** How a key signs its acts. */
export const capacity = (key) => `party:${key.party}`;

/** Who that is, in words. */
export const nameOf = (key) => `${key.partyName} · ${key.title}`;
