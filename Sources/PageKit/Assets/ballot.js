// Casting a ballot: choose, look over, sign, follow. The form says which act it is; see the templates "motion" and "vote".
import { account, Refusal } from "./api.js";
import { deliver } from "./deliver.js";
import { dropDraft, keepDraft } from "./drafts.js";
import { boundIdentity, canSign } from "./keys.js";
import { area, element, ledger, serverNow, text } from "./page.js";
import { clearProblem, showProblem, statusLine } from "./status.js";
import { signTransaction } from "./transaction.js";

const form = document.querySelector("form[data-ballot]");
const part = (name) => document.querySelector(`[data-${name}]`);
const problem = part("problem");
const review = part("review");
const budget = form.dataset.ballot === "budget";
let key;

const chosen = (name) => Array.from(form.querySelectorAll(`input[name="${name}"]:checked`));
const labelOf = (box) => box.closest("label").querySelector("[data-label]").textContent.trim();

/** The homes of this account as check boxes, all ticked; a single home needs no question. */
function showUnits(units) {
  const place = form.querySelector("[data-units]");
  for (const home of units) {
    const label = element("label", "choice");
    const box = element("input");
    Object.assign(box, { type: "checkbox", name: "unit", value: home.unit, checked: true });
    const words = element("span", "choice-words");
    const name = element("span", "choice-label", home.label ?? home.unit);
    name.dataset.label = "";
    words.append(name, element("span", "choice-note", text("weight", { area: area(home.area) })));
    label.append(box, words);
    place.append(label);
  }
  form.querySelector("[data-units-box]").hidden = units.length < 2;
}

/** The bodies to sign, with what the reader sees of each; throws if something is still to be chosen. */
function acts() {
  const picks = chosen(budget ? "project" : "choice");
  if (picks.length === 0) throw new Refusal({ message: text(budget ? "chooseProject" : "choose") });
  if (budget) {
    const body = { projects: picks.map((box) => box.value), vote: form.dataset.id };
    return [{ label: form.dataset.title, picks, body, type: "budgeting.castBallot" }];
  }
  const homes = chosen("unit");
  if (homes.length === 0) throw new Refusal({ message: text("chooseUnit") });
  return homes.map((home) => ({
    label: labelOf(home),
    note: home.closest("label").querySelector(".choice-note").textContent,
    picks,
    body: { choice: picks[0].value, motion: form.dataset.id, unit: home.value },
    type: "assembly.castBallot",
  }));
}

function focusOn(place) {
  const heading = place.querySelector("h2");
  heading.tabIndex = -1;
  heading.focus();
  place.scrollIntoView({ block: "start" });
}

function showReview(list) {
  const rows = review.querySelector("dl");
  rows.replaceChildren();
  const add = (name, ...values) => {
    rows.append(element("dt", "", name));
    for (const value of values) rows.append(element("dd", "", value));
  };
  add(text("review.decided"), ...list[0].picks.map(labelOf));
  if (!budget) add(text("review.homes"), ...list.map((act) => `${act.label} · ${act.note}`));
  form.hidden = true;
  review.hidden = false;
  focusOn(review);
}

/** Signs and delivers every act that is not delivered yet; an act that fails leaves the others as they are. */
async function cast(list) {
  const place = part("progress");
  place.replaceChildren();
  review.hidden = true;
  const results = await Promise.allSettled(list.map(async (act) => {
    const line = statusLine(place, act.label);
    try {
      const signed = await signTransaction(key, {
        ledger, type: act.type, as: "resident", body: act.body, now: serverNow(),
      });
      await deliver({ ...signed, ledger, label: act.label }, line.show);
    } catch (failure) {
      line.fail();
      throw failure;
    }
  }));
  const failed = results.filter((result) => result.status === "rejected");
  if (failed.length === 0) {
    dropDraft(form);
    part("cast-done").hidden = false;
    focusOn(part("cast-done"));
    return;
  }
  // What was counted is not asked again.
  list.forEach((act, at) => {
    if (results[at].status === "fulfilled") {
      form.querySelector(`input[name="unit"][value="${CSS.escape(act.body.unit)}"]`)?.closest("label").remove();
    }
  });
  form.hidden = false;
  showProblem(problem, failed[0].reason);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearProblem(problem);
  try {
    showReview(acts());
  } catch (failure) {
    showProblem(problem, failure);
  }
});

review.querySelector("[data-back]").addEventListener("click", () => {
  review.hidden = true;
  form.hidden = false;
  form.querySelector("input:checked, input")?.focus();
});

review.querySelector("[data-sign]").addEventListener("click", async (event) => {
  const button = event.currentTarget;
  button.disabled = true;
  try {
    await cast(acts());
  } catch (failure) {
    showProblem(problem, failure);
  } finally {
    button.disabled = false;
  }
});

/** The running total of a budget ballot, for information: approving more than the budget holds is allowed. */
function showTotal() {
  const place = form.querySelector("[data-total]");
  if (!place) return;
  const sum = chosen("project").reduce((total, box) => total + Number(box.dataset.cost), 0);
  const yuan = area(sum).replace(" m²", "");
  place.textContent = text("total", { count: String(chosen("project").length), cost: `${form.dataset.money ?? "¥"}${yuan}` });
}

async function begin() {
  if (!canSign()) throw new Refusal({ message: text("cannotSign"), help: text("cannotSignHelp") });
  key = await boundIdentity(ledger);
  if (!key?.account) {
    part("needs-enrolment").hidden = false;
    return;
  }
  if (!budget) showUnits((await account(key.account)).units ?? []);
  keepDraft(form);
  form.addEventListener("change", showTotal);
  showTotal();
  form.hidden = false;
  // The form lists the same projects; one list is enough.
  const list = part("without-ballot");
  if (list) list.hidden = true;
}

begin().catch((failure) => showProblem(problem, failure instanceof Refusal ? failure : {
  message: text("network"), help: text("networkHelp"),
}));
