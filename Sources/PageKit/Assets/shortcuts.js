// Single-key shortcuts of the desk. They rest while something is typed, and can be switched off (WCAG 2.1.4).
const name = "linlian.shortcuts";

/** Whether they are on. */
export function areOn() {
  try {
    return localStorage.getItem(name) !== "off";
  } catch {
    return true;
  }
}

/** Switches them on or off on this device. */
export const switchTo = (on) => localStorage.setItem(name, on ? "on" : "off");

const isTyping = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

/** What a key press means: a name of `bound` such as "/" or "g q", or nothing; `before` is the key just before. */
export function meaning(key, before, bound) {
  if (before && bound.includes(`${before} ${key}`)) return `${before} ${key}`;
  return bound.includes(key) ? key : null;
}

/** From now on a key press runs its action; `actions` maps names such as "g q". */
export function listen(actions) {
  const bound = Object.keys(actions);
  let before = null;
  let at = 0;
  document.addEventListener("keydown", (event) => {
    if (!areOn() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const recent = event.timeStamp - at < 1500 ? before : null;
    const found = meaning(event.key, recent, bound);
    before = event.key;
    at = event.timeStamp;
    if (!found) return;
    event.preventDefault();
    before = null;
    actions[found]();
  });
}
