// The staff keys on this device: bring one from its file, choose who acts, take one away.
import { Refusal, staffOfKey } from "./api.js";
import { canSign } from "./keys.js";
import { element, ledger, text } from "./page.js";
import { actingKey, actWith, announce, nameOf } from "./staff.js";
import { importKey } from "./staff-key.js";
import { clearProblem, showProblem, unreachable } from "./status.js";
import { dropStaffKey, keepStaffKey, staffKeys, trayItems } from "./store.js";

const form = document.querySelector("form[data-key-file]");
const input = form.querySelector("input");
const problem = document.querySelector("[data-problem]");
const list = document.querySelector("[data-keys]");
const roleNames = JSON.parse(list.dataset.roles);

function button(words, className, act) {
  const made = element("button", `button ${className}`, words);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

async function row(key, acting) {
  const item = element("li", "card");
  item.dataset.testid = "staff-key";
  const head = element("p", "card-row");
  head.append(element("b", "", nameOf(key)));
  if (key.keyid === acting?.keyid) head.append(element("span", "pill pill-good", text("desk.acting")));
  const roles = key.roles.map((role) => roleNames[role] ?? role).join(text("listSeparator"));
  item.append(head, element("p", "quiet small", text("desk.roles", { roles })), element("code", "small", key.keyid));
  const buttons = element("p", "buttons");
  if (key.keyid !== acting?.keyid) buttons.append(button(text("desk.actWith"), "", () => actWith(key.keyid)));
  const waiting = (await trayItems(ledger)).filter((staged) => staged.keyid === key.keyid).length;
  buttons.append(button(text("desk.removeKey"), "button-quiet", async () => {
    if (waiting > 0) {
      showProblem(problem, new Refusal({ message: text("desk.keyInUse"), help: text("desk.keyInUseHelp") }));
      return;
    }
    await dropStaffKey(key.keyid);
    announce();
    form.querySelector("input").focus();
  }));
  item.append(buttons);
  return item;
}

async function show() {
  const acting = await actingKey();
  const keys = (await staffKeys(ledger)).sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  list.replaceChildren(...await Promise.all(keys.map((key) => row(key, acting))));
  document.querySelector("[data-no-keys]").hidden = keys.length > 0;
}

async function bring(file) {
  const key = await importKey(await file.text());
  let holder;
  try {
    holder = await staffOfKey(key.keyid);
  } catch (failure) {
    throw failure instanceof Refusal ? failure : unreachable();
  }
  if (!holder.active) throw new Refusal({ message: text("desk.keyClosed"), help: text("desk.keyClosedHelp") });
  const { account, party, partyName, roles, title } = holder;
  await keepStaffKey({ ...key, ledger, account, party, partyName, roles, title });
  actWith(key.keyid);
}

form.addEventListener("submit", (event) => event.preventDefault());
input.addEventListener("change", async () => {
  const [file] = input.files;
  if (!file) return;
  clearProblem(problem);
  try {
    await bring(file);
  } catch (failure) {
    showProblem(problem, failure);
  } finally {
    // The page forgets the file at once.
    input.value = "";
  }
});
document.addEventListener("linlian:desk", show);

if (canSign()) {
  form.hidden = false;
  await show();
} else {
  showProblem(problem, new Refusal({ message: text("cannotSign"), help: text("cannotSignHelp") }));
}
