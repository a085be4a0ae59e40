// The page of the nodes' health: brings it up to date while somebody looks at it.
const pause = 5000;

async function refresh() {
  const live = document.querySelector("[data-live]");
  // Whoever is about to follow a link or has marked something is not to lose it.
  if (!live || document.hidden || live.contains(document.activeElement) || String(getSelection())) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-live]");
  if (fresh && fresh.innerHTML !== live.innerHTML) live.replaceChildren(...fresh.childNodes);
}

setInterval(() => { refresh().catch(() => {}); }, pause);
