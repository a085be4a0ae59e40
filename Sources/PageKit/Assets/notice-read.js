// Counts that a notice was seen: once for each device and notice, after three seconds in view. Only a total is kept, and
// nobody is identified.
const shown = 3_000;
const place = document.querySelector("[data-read-notice]");
const name = place && `linlian.read.${place.dataset.readNotice}`;

function isCounted() {
  try {
    return localStorage.getItem(name) !== null;
  } catch {
    // A device that keeps nothing would be counted with every visit.
    return true;
  }
}

async function count() {
  const address = `/api/v1/notices/${encodeURIComponent(place.dataset.readNotice)}/reads`;
  try {
    const answer = await fetch(address, { method: "POST", credentials: "omit" });
    if (answer.ok) localStorage.setItem(name, "1");
  } catch {
    // Without a network the next visit counts.
  }
}

if (place && !isCounted()) {
  let timer;
  const follow = () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible") timer = setTimeout(count, shown);
  };
  document.addEventListener("visibilitychange", follow);
  follow();
}
