// What was chosen and typed but not signed yet survives a reload on this device.

const name = (form) => `linlian.draft.${form.dataset.draft}`;

/** The controls whose state is kept; a chosen file and a hidden value are not. */
const controls = (form) => Array.from(form.querySelectorAll("[data-draft-field], [data-field]"))
  .filter((control) => !["file", "hidden", "password"].includes(control.type));

const isTicked = (control) => control.type === "radio" || control.type === "checkbox";
const tick = (control) => `${control.name || control.dataset.field}=${control.value}`;
const key = (control) => control.dataset.field ?? control.name;

function restore(form, { ticked, typed }) {
  for (const control of controls(form)) {
    if (isTicked(control)) {
      control.checked = ticked.includes(tick(control));
    } else if (typeof typed?.[key(control)] === "string") {
      control.value = typed[key(control)];
    }
  }
}

function state(form) {
  const kept = { ticked: [], typed: {} };
  for (const control of controls(form)) {
    if (!isTicked(control)) kept.typed[key(control)] = control.value;
    else if (control.checked) kept.ticked.push(tick(control));
  }
  return kept;
}

/** Puts back what was there, and remembers every change from now on. */
export function keepDraft(form) {
  if (!form.dataset.draft) return;
  try {
    const found = JSON.parse(localStorage.getItem(name(form)) ?? "null");
    if (found) restore(form, Array.isArray(found) ? { ticked: found } : found);
    const keep = () => localStorage.setItem(name(form), JSON.stringify(state(form)));
    form.addEventListener("input", keep);
    form.addEventListener("change", keep);
  } catch {
    // Storage may be switched off or hold something else; then the page just starts empty.
  }
}

/** Forgets the draft once the act is final or in the tray. */
export function dropDraft(form) {
  try {
    localStorage.removeItem(name(form));
  } catch {
    // Nothing was kept, so there is nothing to forget.
  }
}
