// What follows a form that signs: the sheet to look over, the progress of each act, the end. See the template "act-panels".
import { deliver } from "./deliver.js";
import { element, ledger, serverNow } from "./page.js";
import { statusLine } from "./status.js";
import { signTransaction } from "./transaction.js";

/** The parts that belong to a form: they stand beside it. */
export const partsOf = (form) => (name) => form.parentElement.querySelector(`[data-${name}]`);

/** Moves the reader to the head of a part. */
export function focusOn(place) {
  const heading = place.querySelector("h2");
  heading.tabIndex = -1;
  heading.focus();
  place.scrollIntoView({ block: "start" });
}

/** Fills a list with rows `[name, value…]`. */
export function fillRows(list, rows) {
  list.replaceChildren();
  for (const [name, ...values] of rows) {
    list.append(element("dt", "", name));
    for (const value of values) list.append(element("dd", "", value));
  }
}

/**
 * The sheet to look over before anything is signed. `rows` answers what it shows and may throw; `sign` does the work;
 * `failed` is told of what goes wrong. Answers `open()`.
 */
export function reviewSheet(form, { rows, sign, failed }) {
  const review = partsOf(form)("review");
  review.querySelector("[data-back]").addEventListener("click", () => {
    review.hidden = true;
    form.hidden = false;
    form.querySelector("input:checked, input:not([type=hidden]), textarea, select")?.focus();
  });
  review.querySelector("[data-sign]").addEventListener("click", async (event) => {
    const button = event.currentTarget;
    button.disabled = true;
    try {
      review.hidden = true;
      await sign();
    } catch (failure) {
      form.hidden = false;
      failed(failure);
    } finally {
      button.disabled = false;
    }
  });
  return {
    async open() {
      fillRows(review.querySelector("dl"), await rows());
      form.hidden = true;
      review.hidden = false;
      focusOn(review);
    },
  };
}

/**
 * Signs and delivers every act `{ type, label, body, prepare? }`, each with a line of its own in `place`. Answers what
 * became of each, as `Promise.allSettled` does: an act that fails leaves the others as they are.
 */
export function signAll(place, key, as, acts) {
  place.replaceChildren();
  return Promise.allSettled(acts.map(async (act) => {
    const line = statusLine(place, act.label);
    try {
      const signed = await signTransaction(key, { ledger, type: act.type, as, body: act.body, now: serverNow() });
      await act.prepare?.(signed.id);
      return await deliver({ ...signed, ledger, label: act.label, path: location.pathname }, line.show);
    } catch (failure) {
      line.fail();
      throw failure;
    }
  }));
}

/** The first failure of several acts; undefined if there is none. */
export const firstFailure = (results) => results.find((result) => result.status === "rejected")?.reason;
