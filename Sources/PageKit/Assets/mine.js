// What this device knows about its owner: what waits, what was done, whose homes. The server is asked with the key's name
// and never learns who is looking.
import { account } from "./api.js";
import { ledger } from "./page.js";
import { acts, identity } from "./store.js";

const part = (name) => document.querySelector(`[data-${name}]`);
const language = document.documentElement.lang;

/** Puts what waits for this key in the place of what waits for everybody. */
async function showAgenda(key) {
  const place = part("agenda");
  if (!place) return;
  const answer = await fetch(`/me/agenda?key=${encodeURIComponent(key)}`, { credentials: "same-origin" });
  if (!answer.ok) return;
  place.innerHTML = await answer.text();
  const section = part("agenda-section");
  if (section) section.hidden = false;
}

function actRow(template, act) {
  const row = template.content.cloneNode(true);
  const find = (name) => row.querySelector(`[data-act-${name}]`);
  const link = find("link");
  link.textContent = act.label;
  link.href = act.path ?? `/ledger/transactions/${act.id}`;
  const time = find("time");
  time.dateTime = new Date(act.time).toISOString();
  time.textContent = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(act.time);
  const pill = find("pill");
  const state = act.state === "final" || act.state === "refused" ? act.state : "waiting";
  pill.textContent = pill.dataset[state];
  pill.classList.add({ final: "pill-good", refused: "pill-bad", waiting: "pill-wait" }[state]);
  const receipt = find("receipt");
  if (act.receipt) {
    receipt.href = act.receipt;
    receipt.download = `${act.id}.tlog-proof`;
  } else receipt.remove();
  return row;
}

/** What this device did, the latest first; the first page shows three. */
async function showActs(most) {
  const section = part("acts");
  if (!section) return;
  const latest = (await acts(ledger)).slice(0, most);
  const none = part("no-acts");
  if (none) none.hidden = latest.length > 0;
  section.hidden = latest.length === 0;
  section.querySelector("[data-act-rows]").replaceChildren(
    ...latest.map((act) => actRow(section.querySelector("template"), act)));
}

async function showIdentity(bound) {
  const card = part("identity");
  if (!card) return;
  card.hidden = false;
  card.querySelector("[data-identity-account]").textContent = bound.account;
  const place = card.querySelector("[data-identity-homes]");
  const { units = [] } = await account(bound.account);
  if (units.length === 0) place.textContent = place.dataset.none;
  for (const home of units) {
    const link = document.createElement("a");
    link.href = `/roll/${encodeURIComponent(home.unit)}`;
    link.textContent = home.label ?? home.unit;
    place.append(link, " ");
  }
}

async function begin() {
  if (!globalThis.indexedDB) return;
  await showActs(part("identity") ? 100 : 3);
  const bound = await identity(ledger);
  if (!bound?.account) return;
  await Promise.all([showAgenda(bound.keyid), showIdentity(bound)]);
}

begin().catch(() => {
  // Without storage or network the page stays as the server made it: everything open, for everybody.
});
