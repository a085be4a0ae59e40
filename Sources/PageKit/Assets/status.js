// The line that says how far an act has come: ordered, final, receipt.
import { Refusal } from "./api.js";
import { element, text } from "./page.js";

const steps = ["ordered", "final", "receipt"];

/** A status line for one act inside `place`; `label` says which act. Answers `{ show, fail }`. */
export function statusLine(place, label) {
  const line = element("div", "act-status");
  line.dataset.testid = "act-status";
  line.setAttribute("role", "status");
  line.setAttribute("aria-live", "polite");
  const list = element("ol", "steps");
  const items = steps.map((step) => {
    const item = element("li", "step", text(`step.${step}`));
    list.append(item);
    return item;
  });
  const words = element("p", "act-words");
  if (label) line.append(element("p", "act-label", label));
  line.append(list, words);
  place.append(line);

  const reach = (count) => items.forEach((item, at) => {
    item.classList.toggle("is-done", at < count);
    item.classList.toggle("is-now", at === count);
  });

  return {
    show(state, answer) {
      line.dataset.state = state;
      words.textContent = text(`state.${state}`);
      reach({ sending: 0, waiting: 0, held: 0, ordered: 1, final: 3 }[state] ?? 0);
      if (state === "final" && answer?.receipt) line.append(receiptCard(answer));
    },
    fail() {
      line.dataset.state = "refused";
      words.textContent = text("state.refused");
      list.hidden = true;
    },
  };
}

/** What remains in the reader's hands: the receipt, and where the record stands for everybody. */
function receiptCard(answer) {
  const card = element("p", "act-receipt");
  const receipt = element("a", "button button-quiet", text("downloadReceipt"));
  receipt.dataset.testid = "receipt-download";
  receipt.href = answer.receipt;
  receipt.download = `${answer.id}.tlog-proof`;
  const record = element("a", "", text("seeRecord"));
  record.href = `/ledger/transactions/${answer.id}`;
  card.append(receipt, record);
  return card;
}

/** Tells of a refusal beside the action and moves the focus there. */
export function showProblem(place, failure) {
  place.replaceChildren(element("p", "problem-message", failure.message || text("unknown")));
  if (failure.help) place.append(element("p", "problem-help", failure.help));
  if (failure.code) place.append(element("p", "problem-code", failure.code));
  place.hidden = false;
  place.tabIndex = -1;
  place.focus();
}

/** Takes a told refusal back. */
export function clearProblem(place) {
  place.hidden = true;
  place.replaceChildren();
}

/** What is told when the server cannot be reached. */
export const unreachable = () => new Refusal({ message: text("network"), help: text("networkHelp") });
