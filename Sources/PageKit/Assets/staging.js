// Acts that stand in the page complete but for the signature: one by its button, many by their boxes, after a preview.
import { Refusal } from "./api.js";
import { element, text } from "./page.js";
import { focusOn } from "./panels.js";
import { actingKey } from "./staff.js";
import { clearProblem, showProblem } from "./status.js";
import { stage, unstage } from "./tray.js";

const list = document.querySelector("[data-queue]");
const problem = document.querySelector("[data-problem]");
const bulk = document.querySelector("[data-bulk]");
const preview = document.querySelector("[data-preview]");
const line = document.querySelector("[data-line]");

const boxes = () => Array.from(list.querySelectorAll("[data-select]"));
const chosen = () => boxes().filter((box) => box.checked);

/** The act of a box, for whoever acts with the role it asks for. */
const actOf = ({ dataset }) => ({
  type: dataset.type, body: JSON.parse(dataset.body), label: dataset.label, role: dataset.role,
  parties: dataset.parties ? dataset.parties.split(" ") : null,
});

async function keyFor(act) {
  const key = await actingKey(act.role);
  if (!key) throw new Refusal({ message: text("desk.noKey"), help: text("desk.noKeyHelp") });
  if (act.parties && !act.parties.includes(key.party)) {
    throw new Refusal({ message: text("desk.otherParty", { label: act.label }), help: text("desk.otherPartyHelp") });
  }
  return key;
}

/** Says what happened, with a way back. It takes no focus. */
function say(words, undo) {
  line.replaceChildren(element("span", "toast-words", words));
  if (undo) {
    const back = element("button", "toast-close", text("desk.undo"));
    back.type = "button";
    back.addEventListener("click", async () => {
      await undo();
      say(text("desk.undone"));
    });
    line.append(back);
  }
  line.hidden = false;
}

async function put(picked) {
  clearProblem(problem);
  try {
    const acts = picked.map(actOf);
    const keys = await Promise.all(acts.map(keyFor));
    const items = [];
    for (const [at, act] of acts.entries()) items.push(await stage(keys[at], act));
    for (const box of picked) {
      if (box.matches("[data-select]")) box.checked = false;
    }
    show();
    say(text("desk.staged", { count: String(items.length) }), () => Promise.all(items.map(unstage)));
  } catch (failure) {
    showProblem(problem, failure);
  }
}

function row(act) {
  const made = element("tr");
  const title = element("th", "", act.label);
  title.scope = "row";
  const body = element("td");
  body.append(element("code", "", `${act.type} ${JSON.stringify(act.body)}`));
  body.dataset.name = text("desk.column.body");
  made.append(title, body);
  return made;
}

/** How many are chosen, and what can be done with them. */
function show() {
  if (!bulk) return;
  const count = chosen().length;
  bulk.hidden = count === 0;
  bulk.querySelector("[data-count]").textContent = text("desk.chosen", { count: String(count) });
  if (count === 0) preview.hidden = true;
}

list?.addEventListener("change", show);
list?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-stage]");
  if (button) put([button]);
});
document.querySelector("[data-select-all]")?.addEventListener("click", () => {
  const all = boxes();
  const on = all.some((box) => !box.checked);
  for (const box of all) box.checked = on;
  show();
});
bulk?.querySelector("[data-look]").addEventListener("click", () => {
  preview.querySelector("tbody").replaceChildren(...chosen().map(actOf).map(row));
  preview.hidden = false;
  focusOn(preview);
});
preview?.querySelector("[data-put]").addEventListener("click", () => put(chosen()));
preview?.querySelector("[data-back]").addEventListener("click", () => {
  preview.hidden = true;
});
show();
