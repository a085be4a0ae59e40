// Every form that signs one act: fill in, look over, sign, follow. The markup says which act it is (README, "Forms that
// sign"): residents sign at once, acts of staff go into the tray of the desk and are signed from there.
import { Interruption, Refusal } from "./api.js";
import { holdContents, screen } from "./contents.js";
import { dropDraft, keepDraft } from "./drafts.js";
import { bodyOf } from "./form-body.js";
import { clearFaults, faultsOf, fillTimes, readControls, reviewRows, tellFault, tellFaults } from "./form-controls.js";
import { boundIdentity, canSign } from "./keys.js";
import { element, ledger, offset, text } from "./page.js";
import { firstFailure, focusOn, partsOf, reviewSheet, signAll } from "./panels.js";
import { actingKey } from "./staff.js";
import { clearProblem, showProblem, unreachable } from "./status.js";
import { stage, unstage } from "./tray.js";

function attach(form) {
  const part = partsOf(form);
  const isStaff = form.dataset.as === "party";
  let made = null;

  /** A refusal that names a field is told beside it too. */
  function failed(failure) {
    const known = failure instanceof Refusal;
    const control = known && readControls(form).find(({ field }) => failure.field === `body.${field}` || failure.field === field);
    if (control) tellFault(control, failure.message);
    showProblem(part("problem"), failure instanceof Interruption ? unreachable() : failure);
  }

  /** Reads the form; answers null and says why beside the fields if something is wrong. */
  async function read() {
    clearProblem(part("problem"));
    clearFaults(form);
    const controls = readControls(form);
    const faults = faultsOf(controls);
    const act = faults.length === 0 ? await bodyOf(controls, offset) : { faults };
    if (act.faults.length > 0) {
      tellFaults(controls, act.faults);
      return null;
    }
    await screen(act.contents);
    // Acts of one kind are told apart by what the writer called them.
    const named = form.querySelector("[data-names-act]")?.value.trim();
    const label = named ? `${form.dataset.label} · ${named}` : form.dataset.label;
    return { ...act, type: form.dataset.act, label, rows: [[text("review.act"), form.dataset.label], ...reviewRows(controls)] };
  }

  function finish() {
    dropDraft(form);
    form.reset();
    const done = part("act-done");
    const then = form.dataset.then;
    if (then && !done.querySelector("[data-then]")) {
      const link = element("a", "button", text("continue"));
      Object.assign(link, { href: then });
      link.dataset.then = "";
      const line = element("p", "buttons");
      line.append(link);
      done.append(line);
    }
    done.hidden = false;
    focusOn(done);
    form.dispatchEvent(new CustomEvent("linlian:done", { bubbles: true }));
  }

  async function sign() {
    const key = await boundIdentity(ledger);
    const act = { ...made, prepare: (id) => holdContents(id, made.contents) };
    const failure = firstFailure(await signAll(part("progress"), key, "resident", [act]));
    if (failure) throw failure;
    finish();
  }

  async function toTray() {
    const key = await actingKey(form.dataset.role);
    const item = await stage(key, { ...made, files: made.attachments });
    const staged = part("staged");
    form.hidden = true;
    staged.hidden = false;
    dropDraft(form);
    staged.querySelector("[data-unstage]").onclick = async () => {
      await unstage(item);
      staged.hidden = true;
      form.hidden = false;
      form.dispatchEvent(new Event("change"));
      form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
    };
    focusOn(staged);
  }

  const review = reviewSheet(form, { rows: () => made.rows, sign, failed });

  form.noValidate = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button:not([type=button])");
    button.disabled = true;
    try {
      made = await read();
      if (made) await (isStaff ? toTray() : review.open());
    } catch (failure) {
      failed(failure);
    } finally {
      button.disabled = false;
    }
  });

  async function begin() {
    if (!canSign()) throw new Refusal({ message: text("cannotSign"), help: text("cannotSignHelp") });
    const key = isStaff ? await actingKey(form.dataset.role) : await boundIdentity(ledger);
    if (!key?.account) {
      part(isStaff ? "needs-key" : "needs-enrolment").hidden = false;
      return;
    }
    keepDraft(form);
    fillTimes(form);
    form.hidden = false;
    form.dispatchEvent(new CustomEvent("linlian:ready", { bubbles: true, detail: { key } }));
  }

  begin().catch(failed);
}

document.querySelectorAll("form[data-act]").forEach(attach);
