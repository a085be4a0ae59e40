// The enrolment page: a one-time code binds this device's new key to the resident's account.
import { account, accountOfKey, Refusal } from "./api.js";
import { codeFault, groupedCode, normaliseCode } from "./code.js";
import { deliver } from "./deliver.js";
import { boundIdentity, canSign, identityFor, publicPoint } from "./keys.js";
import { area, element, ledger, serverNow, text } from "./page.js";
import { clearProblem, showProblem, statusLine } from "./status.js";
import { keepIdentity } from "./store.js";
import { signTransaction } from "./transaction.js";

const form = document.querySelector("form[data-enrol]");
const input = form.querySelector("input");
const submit = form.querySelector("button");
const problem = document.querySelector("[data-problem]");
const done = document.querySelector("[data-enrol-done]");
const progress = document.querySelector("[data-progress]");

async function showBound(record) {
  const list = done.querySelector("dl");
  list.replaceChildren();
  const add = (name, value) => list.append(element("dt", "", name), element("dd", "", value));
  const homes = await account(record.account).catch(() => ({ units: [] }));
  for (const home of homes.units ?? []) add(text("home"), `${home.label ?? home.unit} · ${area(home.area)}`);
  add(text("account"), record.account);
  done.hidden = false;
}

async function enrol() {
  const code = normaliseCode(input.value);
  const fault = codeFault(code);
  if (fault) {
    input.setAttribute("aria-invalid", "true");
    throw new Refusal({ message: text(`code.${fault}`), help: text("code.help") });
  }
  input.removeAttribute("aria-invalid");
  const key = await identityFor(ledger);
  const body = { algorithm: "ES256", code, publicKey: await publicPoint(key.publicKey) };
  const signed = await signTransaction(key, { ledger, type: "registry.enrol", as: "guest", body, now: serverNow() });
  progress.replaceChildren();
  const line = statusLine(progress, text("enrolling"));
  try {
    const answer = await deliver({ ...signed, ledger, label: text("enrolling") }, line.show);
    const bound = answer.events?.find((event) => event.account) ?? (await accountOfKey(key.keyid));
    const record = { ...key, account: bound.account };
    await keepIdentity(record);
    form.hidden = true;
    await showBound(record);
    const heading = done.querySelector("h2");
    heading.tabIndex = -1;
    heading.focus();
  } catch (failure) {
    line.fail();
    throw failure;
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  clearProblem(problem);
  submit.disabled = true;
  try {
    await enrol();
  } catch (failure) {
    showProblem(problem, failure);
  } finally {
    submit.disabled = false;
  }
});

input.addEventListener("change", () => {
  input.value = groupedCode(normaliseCode(input.value));
});

// A code in the address's fragment never leaves this device; it is taken out of the address at once.
const fromAddress = new URLSearchParams(location.hash.slice(1)).get("code");
if (fromAddress) {
  input.value = groupedCode(normaliseCode(fromAddress));
  history.replaceState(null, "", location.pathname + location.search);
}

if (canSign()) {
  form.hidden = false;
  const known = await boundIdentity(ledger).catch(() => undefined);
  if (known?.account) await showBound(known);
} else {
  showProblem(problem, new Refusal({ message: text("cannotSign"), help: text("cannotSignHelp") }));
}
