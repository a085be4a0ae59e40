// The letters with enrolment codes, one for each owner: shown and printed once, kept nowhere.
import { groupedCode } from "./code.js";
import { element, offset, text } from "./page.js";

let printed = true;

/** Adds the letters of an act that is final to `place`, and keeps the reader from leaving before they are printed. */
export function showLetters(place, letters) {
  const list = place.querySelector("[data-letter-list]");
  for (const { homes, code, expires } of letters) {
    const letter = element("li", "letter");
    letter.dataset.testid = "letter";
    const until = new Date(expires + offset * 60_000).toISOString().slice(0, 10);
    letter.append(
      element("p", "letter-home", homes), element("p", "letter-code", groupedCode(code)),
      element("p", "", text("desk.letterHow", { address: `${location.origin}/enrol` })),
      element("p", "small", text("desk.letterUntil", { day: until })),
    );
    list.append(letter);
  }
  place.hidden = false;
  printed = false;
}

addEventListener("afterprint", () => {
  printed = true;
});
addEventListener("beforeunload", (event) => {
  if (!printed) event.preventDefault();
});
