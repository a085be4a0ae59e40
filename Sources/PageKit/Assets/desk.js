// On every page of the desk: who acts, how much waits to be signed, and the keyboard.
import { element, ledger, text } from "./page.js";
import { actingKey, actWith, nameOf } from "./staff.js";
import { areOn, listen, switchTo } from "./shortcuts.js";
import { staffKeys, trayItems } from "./store.js";

const head = document.querySelector("[data-desk-head]");
const who = head.querySelector("[data-acting]");
const count = head.querySelector("[data-tray-count]");
const help = document.querySelector("dialog[data-shortcuts]");

/** One key is named; of several one is chosen. */
async function showActing() {
  const keys = await staffKeys(ledger);
  const acting = await actingKey();
  who.replaceChildren();
  head.querySelector("[data-no-key]").hidden = keys.length > 0;
  if (keys.length === 1) who.append(element("span", "", text("desk.actingAs", { who: nameOf(acting) })));
  if (keys.length > 1) {
    const label = element("label", "desk-acting", text("desk.actingAs", { who: "" }));
    const select = element("select");
    select.dataset.testid = "acting";
    for (const key of keys) select.append(new Option(nameOf(key), key.keyid, false, key.keyid === acting.keyid));
    select.addEventListener("change", () => actWith(select.value));
    label.append(select);
    who.append(label);
  }
}

async function showCount() {
  const waiting = (await trayItems(ledger)).length;
  count.textContent = String(waiting);
  count.hidden = waiting === 0;
}

const show = () => Promise.all([showActing(), showCount()]);
document.addEventListener("linlian:desk", show);
show().catch(() => {
  // Without storage there is neither a key nor a tray; the pages say so where it matters.
});

const items = () => Array.from(document.querySelectorAll("[data-item]"));

/** Moves the focus to the next or the previous item of the list. */
function move(step) {
  const all = items();
  const at = all.findIndex((item) => item.contains(document.activeElement));
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
  (next?.querySelector("[data-open]") ?? next)?.focus();
}

const current = () => items().find((item) => item.contains(document.activeElement));

listen({
  "/": () => head.querySelector("input[type=search]").focus(),
  "g q": () => location.assign("/desk"),
  "g t": () => location.assign("/desk/tray"),
  "g k": () => location.assign("/desk/key"),
  n: () => move(1),
  p: () => move(-1),
  x: () => current()?.querySelector("[data-select]")?.click(),
  "?": () => help.showModal(),
});

const toggle = help.querySelector("[data-switch]");
toggle.checked = areOn();
toggle.addEventListener("change", () => switchTo(toggle.checked));
head.querySelector("[data-show-shortcuts]").addEventListener("click", () => help.showModal());
