// Casting a ballot: choose, look over, sign, follow. The form says which act it is; see the templates "motion" and "vote".
import { account, Refusal } from "./api.js";
import { dropDraft, keepDraft } from "./drafts.js";
import { boundIdentity, canSign } from "./keys.js";
import { area, element, ledger, text } from "./page.js";
import { firstFailure, focusOn, partsOf, reviewSheet, signAll } from "./panels.js";
import { clearProblem, showProblem, unreachable } from "./status.js";

const form = document.querySelector("form[data-ballot]");
const part = partsOf(form);
const problem = part("problem");
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

/** The acts to sign, with what the reader sees of each; throws if something is still to be chosen. */
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

function rows() {
  const list = acts();
  const decided = [text("review.decided"), ...list[0].picks.map(labelOf)];
  return budget ? [decided] : [decided, [text("review.homes"), ...list.map((act) => `${act.label} · ${act.note}`)]];
}

/** Signs and delivers every act that is not delivered yet. */
async function cast() {
  const list = acts();
  const results = await signAll(part("progress"), key, "resident", list);
  const failure = firstFailure(results);
  if (!failure) {
    dropDraft(form);
    part("act-done").hidden = false;
    focusOn(part("act-done"));
    return;
  }
  // What was counted is not asked again.
  list.forEach((act, at) => {
    if (results[at].status === "fulfilled") {
      form.querySelector(`input[name="unit"][value="${CSS.escape(act.body.unit)}"]`)?.closest("label").remove();
    }
  });
  throw failure;
}

const review = reviewSheet(form, { rows, sign: cast, failed: (failure) => showProblem(problem, failure) });

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  clearProblem(problem);
  try {
    await review.open();
  } catch (failure) {
    showProblem(problem, failure);
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
  const list = document.querySelector("[data-without-ballot]");
  if (list) list.hidden = true;
}

begin().catch((failure) => showProblem(problem, failure instanceof Refusal ? failure : unreachable()));
