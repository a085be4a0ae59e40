// Says in passing that something happened. The focus stays where it is; a screen reader hears it when it has time.
import { element } from "./page.js";

/** Long enough to be read slowly, in milliseconds; it stays while it is pointed at or holds the focus. */
const least = 8000;

/** Shows a text until it is dismissed or has been there long enough. */
export function toast(words) {
  const region = document.querySelector("[data-toasts]");
  if (!region) return;
  const made = element("div", "toast");
  const close = element("button", "toast-close", region.dataset.toasts);
  close.type = "button";
  close.addEventListener("click", () => made.remove());
  made.append(element("span", "toast-words", words), close);
  // One is enough to read; an older one gives way.
  region.replaceChildren(made);
  let timer = 0;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => made.remove(), least + 80 * words.length);
  };
  const stay = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) made.addEventListener(name, stay);
  for (const name of ["pointerleave", "focusout"]) made.addEventListener(name, wait);
  wait();
}
