// A form's controls: what they are called, what they say in words, and what is wrong with them, told beside each.
import { wallClock } from "./form-body.js";
import { element, offset, serverNow, text } from "./page.js";

const isTicked = (control) => control.type === "radio" || control.type === "checkbox";

/** Ticked boxes and buttons of one name stand for one control. */
function together(group) {
  const [first] = group;
  const ticked = group.filter((control) => control.checked).map((control) => control.value);
  if (first.type === "radio") return ticked[0] ?? "";
  if (first.dataset.kind === "boolean") return first.checked;
  return ticked.length > 0 ? ticked : "";
}

/** The controls in the order of the form, ready for `bodyOf`; `elements` are the page's. */
export function readControls(form) {
  const groups = new Map();
  for (const control of form.querySelectorAll("[data-field]")) {
    if (control.matches(":disabled")) continue;
    const group = isTicked(control) ? groups.get(control.dataset.field) : undefined;
    if (group) group.push(control);
    else groups.set(isTicked(control) ? control.dataset.field : control, [control]);
  }
  return Array.from(groups.values(), (elements) => {
    const [first] = elements;
    return {
      field: first.dataset.field, kind: first.dataset.kind, elements,
      empty: first.dataset.empty,
      value: isTicked(first) ? together(elements) : first.value,
      files: first.type === "file" ? Array.from(first.files) : [],
    };
  });
}

/** What a control is called. */
export function labelOf([control]) {
  const legend = isTicked(control) && control.closest("fieldset")?.querySelector("legend");
  const place = legend || control.labels?.[0];
  const marked = place?.querySelector("[data-label]") ?? place;
  return marked?.textContent.trim() || control.getAttribute("aria-label") || control.dataset.field;
}

const labelOfChoice = (control) =>
  (control.labels[0]?.querySelector("[data-label]") ?? control.labels[0])?.textContent.trim() ?? control.value;

function momentInWords(typed) {
  const form = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "full", timeStyle: "short", timeZone: "UTC" });
  return form.format(new Date(`${typed}Z`));
}

/** What a control says, in words; empty if it says nothing. */
function inWords({ elements, value, files }) {
  const [first] = elements;
  if (first.type === "file") return files.map((file) => file.name);
  if (isTicked(first)) return elements.filter((control) => control.checked).map(labelOfChoice);
  if (first.localName === "select") return value === "" ? [] : [first.selectedOptions[0].textContent.trim()];
  if (first.type === "datetime-local" && value) return [momentInWords(value)];
  return value.trim() === "" ? [] : value.trim().split(/\r?\n/);
}

/** The rows of the sheet to look over: what stands in the form and can be seen there. */
export const reviewRows = (controls) => controls
  .filter(({ elements: [first] }) => first.type !== "hidden" && !first.closest("[hidden]:not(form)"))
  .map((control) => [labelOf(control.elements), ...inWords(control)])
  .filter((row) => row.length > 1);

/** What the browser itself finds wrong with a control: a text of "field." with its places. */
function native(control) {
  const { validity } = control;
  const words = (limit) => (control.type === "datetime-local" ? momentInWords(limit) : limit);
  if (validity.valueMissing) return [isTicked(control) || control.localName === "select" ? "choose" : "missing"];
  if (validity.rangeUnderflow) return ["min", { limit: words(control.min) }];
  if (validity.rangeOverflow) return ["max", { limit: words(control.max) }];
  if (validity.tooLong || (control.maxLength > 0 && control.value.length > control.maxLength)) {
    return ["long", { limit: String(control.maxLength) }];
  }
  if (validity.tooShort) return ["short", { limit: String(control.minLength) }];
  if (validity.badInput || validity.typeMismatch) return [control.type === "datetime-local" ? "instant" : "integer"];
  if (validity.patternMismatch) return ["pattern"];
  return null;
}

/** A number in a text control, against the limits that it names. */
function range({ value, kind }, first) {
  if (!["integer", "hundredths"].includes(kind) || first.type === "number" || value.trim() === "") return null;
  const number = Number(value.normalize("NFKC").replaceAll(/[,\s，]/g, ""));
  if (first.dataset.min && number < Number(first.dataset.min)) return ["min", { limit: first.dataset.min }];
  if (first.dataset.max && number > Number(first.dataset.max)) return ["max", { limit: first.dataset.max }];
  return null;
}

/** Everything that is wrong before the values are read: `{ at, fault, values }`. */
export function faultsOf(controls) {
  const found = [];
  controls.forEach((control, at) => {
    const [first] = control.elements;
    // A required check box among several asks for one of them.
    const wanted = first.type === "checkbox" && control.kind !== "boolean" && control.elements.some((box) => box.required);
    const fault = wanted
      ? (control.value === "" ? ["choose"] : null)
      : native(first) ?? range(control, first);
    if (fault) found.push({ at, fault: fault[0], values: fault[1] });
  });
  return found;
}

/** Where a control's fault is told: after its field, or at the end of its group. */
const placeOf = (control) => control.closest("fieldset.choices, .field") ?? control.parentElement;

let told = 0;

/** Says what is wrong beside one control. */
export function tellFault({ elements: [first] }, words) {
  const line = element("p", "field-error", words);
  line.id = `field-error-${told += 1}`;
  placeOf(first).append(line);
  first.setAttribute("aria-invalid", "true");
  first.setAttribute("aria-describedby", [first.getAttribute("aria-describedby"), line.id].filter(Boolean).join(" "));
}

/** Takes back what was told. */
export function clearFaults(form) {
  for (const line of form.querySelectorAll('[id^="field-error-"]')) {
    const control = form.querySelector(`[aria-describedby~="${line.id}"]`);
    control?.removeAttribute("aria-invalid");
    const rest = control?.getAttribute("aria-describedby").split(" ").filter((id) => id !== line.id).join(" ");
    if (rest) control.setAttribute("aria-describedby", rest);
    else control?.removeAttribute("aria-describedby");
    line.remove();
  }
}

/** Tells all faults and moves to the first. */
export function tellFaults(controls, faults) {
  for (const { at, fault, values } of faults) tellFault(controls[at], text(`field.${fault}`, values));
  controls[faults[0].at].elements[0].focus();
}

/** Times that begin from now: `data-from-now="900"` is a quarter of an hour ahead, on the full five minutes. */
export function fillTimes(form) {
  for (const control of form.querySelectorAll("[data-from-now]")) {
    const time = serverNow() + Number(control.dataset.fromNow) * 1000;
    if (!control.value) control.value = wallClock(Math.ceil(time / 300_000) * 300_000, offset);
  }
}
