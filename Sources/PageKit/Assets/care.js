// Care mode: reads the page aloud, sentence by sentence, where the browser has a voice (Web Speech API).
const place = document.querySelector("[data-aloud]");
const button = place?.querySelector("button");
const speech = globalThis.speechSynthesis;

/** What a person would read out: headings, paragraphs, list items, labels and cells, each once and only if it is seen. */
export function passages(root) {
  const found = [];
  for (const part of root.querySelectorAll("h1, h2, h3, p, li, dt, dd, label, th, td, summary, a.button, a.care-button")) {
    if (part.querySelector("h1, h2, h3, p, li, dt, dd, label, th, td")) continue;
    if (part.closest("[hidden]") || part.closest("[aria-hidden=true]")) continue;
    const words = part.textContent.replace(/\s+/g, " ").trim();
    if (words && found.at(-1) !== words) found.push(words);
  }
  return found;
}

function reset(words) {
  button.textContent = words;
  button.setAttribute("aria-pressed", "false");
}

if (button && speech && globalThis.SpeechSynthesisUtterance) {
  const words = button.textContent;
  place.hidden = false;
  reset(words);
  button.addEventListener("click", () => {
    const isReading = speech.speaking || speech.pending;
    speech.cancel();
    reset(words);
    if (isReading) return;
    const all = passages(document.getElementById("main"));
    if (all.length === 0) return;
    button.textContent = button.dataset.stop;
    button.setAttribute("aria-pressed", "true");
    for (const passage of all) {
      const utterance = new SpeechSynthesisUtterance(passage);
      utterance.lang = document.documentElement.lang === "en" ? "en" : "zh-CN";
      utterance.rate = 0.9;
      speech.speak(utterance);
    }
    const last = new SpeechSynthesisUtterance("");
    last.onend = () => reset(words);
    speech.speak(last);
  });
  // A voice that goes on after its page is left frightens people.
  addEventListener("pagehide", () => speech.cancel());
}
