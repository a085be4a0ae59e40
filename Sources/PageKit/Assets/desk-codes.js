// Enrolment codes for owners: made on this device, put into the tray with their letters, printed from there once signed.
import { Refusal } from "./api.js";
import { codeHash, newCode } from "./code-making.js";
import { canSign } from "./keys.js";
import { element, serverNow, text } from "./page.js";
import { actingKey } from "./staff.js";
import { clearProblem, showProblem } from "./status.js";
import { stage, unstage } from "./tray.js";

const day = 86_400_000;
const form = document.querySelector("form[data-codes]");
const problem = document.querySelector("[data-problem]");
const line = document.querySelector("[data-line]");

const boxes = () => Array.from(form.querySelectorAll("[data-select]"));

async function put() {
  const chosen = boxes().filter((box) => box.checked);
  if (chosen.length === 0) throw new Refusal({ message: text("desk.chooseOwner") });
  const days = Number(form.querySelector("[data-days]").value);
  if (!Number.isInteger(days) || days < 1 || days > 365) throw new Refusal({ message: text("desk.days") });
  const key = await actingKey("registrar");
  if (!key) throw new Refusal({ message: text("desk.noKey"), help: text("desk.noKeyHelp") });
  const expires = serverNow() + days * day;
  const letters = chosen.map((box) => ({
    owner: box.value, homes: box.closest("label").querySelector("[data-homes]").textContent, code: newCode(), expires,
  }));
  const codes = await Promise.all(letters.map(async ({ owner, code }) => ({ codeHash: await codeHash(code), expires, owner })));
  const label = `${form.dataset.label} · ${text("desk.letters", { count: String(letters.length) })}`;
  const item = await stage(key, { type: "registry.issueCodes", label, body: { codes }, letters });
  for (const box of chosen) box.checked = false;
  line.replaceChildren(element("span", "toast-words", text("desk.codesStaged", { count: String(letters.length) })));
  const back = element("button", "toast-close", text("desk.undo"));
  back.type = "button";
  back.addEventListener("click", async () => {
    await unstage(item);
    line.replaceChildren(element("span", "toast-words", text("desk.undone")));
  });
  line.append(back);
  line.hidden = false;
}

if (form && canSign()) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearProblem(problem);
    try {
      await put();
    } catch (failure) {
      showProblem(problem, failure);
    }
  });
  form.querySelector("[data-all]").addEventListener("click", () => {
    const on = boxes().some((box) => !box.checked);
    for (const box of boxes()) box.checked = on;
  });
}
