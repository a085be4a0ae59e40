// What the page tells its scripts: the ledger's name, the server's time, and texts in the reader's language.

const signing = document.getElementById("signing");
const texts = JSON.parse(signing?.dataset.texts || "{}");

/** The zone of all times on the page, in minutes east of UTC. */
export const offset = Number(signing?.dataset.offset ?? 0);

/** The ledger's name. */
export const ledger = document.documentElement.dataset.ledger;

/** A text with its places filled; its name if the page has no such text. */
export const text = (name, values = {}) =>
  (texts[name] ?? name).replace(/\{(\w+)\}/g, (place, key) => values[key] ?? place);

// The page was made when its answer began to arrive; from then on the device's own clock counts.
const [navigation] = performance.getEntriesByType("navigation");
const arrived = performance.timeOrigin + (navigation?.responseStart ?? 0);
let ahead = signing ? Number(signing.dataset.now) - arrived : 0;

/** The server's time in milliseconds, however wrong this device's clock is. */
export const serverNow = () => Math.round(Date.now() + ahead);

/** Learns the server's time from an answer, in case the device's clock was set meanwhile. */
export function learnTime(response) {
  const told = Date.parse(response.headers.get("date") ?? "");
  if (Number.isFinite(told) && Math.abs(told - serverNow()) > 5000) ahead = told - Date.now();
}

/** An area in 0.01 m² as people read it. */
export function area(hundredths) {
  const whole = Math.trunc(hundredths / 100).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return `${whole}.${String(hundredths % 100).padStart(2, "0")} m²`;
}

/** A new element with a class and a text. */
export function element(name, className = "", words = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (words) made.textContent = words;
  return made;
}
