// The tray 待签: look at what will be signed, take something out, put it back, sign all.
import { element, ledger, offset, text } from "./page.js";
import { showLetters } from "./letters.js";
import { fillRows } from "./panels.js";
import { rowsOf } from "./preview.js";
import { announce } from "./staff.js";
import { clearProblem, showProblem, statusLine } from "./status.js";
import { staffKeys, trayItems } from "./store.js";
import { restage, signItem, unstage } from "./tray.js";

const list = document.querySelector("[data-tray]");
const types = JSON.parse(list.dataset.types);
const problem = document.querySelector("[data-problem]");
const line = document.querySelector("[data-line]");
const actions = document.querySelector("[data-tray-actions]");
const progress = document.querySelector("[data-progress]");
const letters = document.querySelector("[data-letters]");
const signButton = actions.querySelector("[data-sign-all]");
let signing = false;

const moment = (time) => new Intl.DateTimeFormat(document.documentElement.lang, {
  dateStyle: "full", timeStyle: "short", timeZone: "UTC",
}).format(new Date(time + offset * 60_000));

function say(words, undo) {
  line.replaceChildren(element("span", "toast-words", words));
  if (undo) {
    const back = element("button", "toast-close", text("desk.putBack"));
    back.type = "button";
    back.dataset.testid = "tray-put-back";
    back.addEventListener("click", async () => {
      await undo();
      say(text("desk.isBack"));
    });
    line.append(back);
  }
  line.hidden = false;
}

function card(item, keys) {
  const made = element("li", "card tray-item");
  made.dataset.item = "";
  made.dataset.testid = "tray-item";
  const heading = element("h3", "", item.label);
  heading.dataset.open = "";
  heading.tabIndex = -1;
  const key = keys.find((known) => known.keyid === item.keyid);
  const who = element("p", "quiet small", text("desk.signedBy", { who: key ? `${key.partyName} · ${key.title}` : item.party }));
  const rows = element("dl", "facts");
  const shown = item.rows.length > 0 ? item.rows : rowsOf(item.body, { moment, more: (count) => text("desk.rows", { count: String(count) }) });
  // One value a row: two columns are read across.
  fillRows(rows, shown.map(([name, ...values]) => [name, values.join("\n")]));
  const type = element("p", "quiet small", types[item.type] ?? "");
  type.append(" ", element("code", "", item.type));
  const exact = element("details");
  exact.append(element("summary", "", text("desk.exact")), element("code", "raw", JSON.stringify(item.body, null, 2)));
  made.append(heading, type, who, rows, exact);
  if (item.failed) {
    const why = element("div", "problem");
    why.append(element("p", "problem-message", item.failed.message ?? text("unknown")));
    if (item.failed.help) why.append(element("p", "problem-help", item.failed.help));
    if (item.failed.code) why.append(element("p", "problem-code", item.failed.code));
    made.append(why);
  }
  const buttons = element("p", "buttons");
  const remove = element("button", "button button-quiet", text("desk.takeOut"));
  remove.type = "button";
  remove.dataset.testid = "tray-remove";
  remove.addEventListener("click", async () => {
    await unstage(item);
    say(text("desk.takenOut", { label: item.label }), () => restage(item));
    (list.querySelector("[data-testid=tray-remove]") ?? document.querySelector("h1")).focus();
  });
  buttons.append(remove);
  made.append(buttons);
  return made;
}

async function show() {
  if (signing) return;
  const items = await trayItems(ledger);
  const keys = await staffKeys(ledger);
  list.replaceChildren(...items.map((item) => card(item, keys)));
  document.querySelector("[data-empty]").hidden = items.length > 0;
  actions.hidden = items.length === 0;
  signButton.textContent = text("desk.signAll", { count: String(items.length) });
}

/** One after the other, in the order of the tray: what comes later may need what comes before. */
async function signAll() {
  clearProblem(problem);
  progress.replaceChildren();
  signing = true;
  signButton.disabled = true;
  const items = await trayItems(ledger);
  let failed = null;
  let done = 0;
  for (const item of items) {
    signButton.textContent = text("desk.signing", { done: String(done), count: String(items.length) });
    const status = statusLine(progress, item.label);
    try {
      await signItem(item, status.show);
      done += 1;
      if (item.letters) showLetters(letters, item.letters);
    } catch (failure) {
      status.fail();
      failed ??= failure;
    }
  }
  signing = false;
  signButton.disabled = false;
  await show();
  announce();
  say(text("desk.signedCount", { done: String(done), count: String(items.length) }));
  if (failed) showProblem(problem, failed.message ? failed : { message: text("unknown") });
}

signButton.addEventListener("click", () => signAll());
letters.querySelector("[data-print]").addEventListener("click", () => print());
document.addEventListener("linlian:desk", show);
await show();
