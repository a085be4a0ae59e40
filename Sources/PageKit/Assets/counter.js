// Long texts: how many characters are left, said after a pause so that a screen reader is not talked to at every key.
/** Characters as people count them, not code units: an emoji is one. */
export const length = (text) => [...text].length;

function attach(area) {
  const most = Number(area.dataset.counter);
  const line = area.parentElement.querySelector(".field-count");
  const unseen = Object.assign(document.createElement("span"), { className: "unseen" });
  unseen.setAttribute("role", "status");
  line.after(unseen);
  let timer = 0;
  const show = () => {
    const left = most - length(area.value);
    line.textContent = `${left < 0 ? line.dataset.over : line.dataset.left} ${Math.abs(left)}`;
    line.classList.toggle("is-over", left < 0);
    area.setCustomValidity(left < 0 ? line.textContent : "");
    clearTimeout(timer);
    timer = setTimeout(() => { unseen.textContent = left < most / 5 ? line.textContent : ""; }, 1500);
  };
  area.addEventListener("input", show);
  if (area.value) show();
}

if (globalThis.document) for (const area of document.querySelectorAll("textarea[data-counter]")) attach(area);
