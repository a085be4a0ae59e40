// Answers chosen but not signed yet survive a reload on this device.

const name = (form) => `linlian.draft.${form.dataset.draft}`;

/** Puts back what was chosen, and remembers every change from now on. */
export function keepDraft(form) {
  try {
    const chosen = JSON.parse(localStorage.getItem(name(form)) ?? "[]");
    for (const input of choices(form)) {
      if (chosen.includes(`${input.name}=${input.value}`)) input.checked = true;
    }
    form.addEventListener("change", () => {
      const now = choices(form).filter((input) => input.checked).map((input) => `${input.name}=${input.value}`);
      localStorage.setItem(name(form), JSON.stringify(now));
    });
  } catch {
    // Storage may be switched off or hold something else; then the page just starts empty.
  }
}

/** Forgets the draft once the act is final. */
export function dropDraft(form) {
  try {
    localStorage.removeItem(name(form));
  } catch {
    // Nothing was kept, so there is nothing to forget.
  }
}

const choices = (form) => Array.from(form.querySelectorAll("input[data-draft-field]"));
