// The queue: what is mine by the key that acts.
import { actingKey } from "./staff.js";

const mine = document.querySelector("[data-mine]");

async function show() {
  const key = await actingKey();
  mine.hidden = !key;
  if (key) mine.href = `/desk?party=${encodeURIComponent(key.party)}&role=${key.roles.map(encodeURIComponent).join(",")}`;
}

document.addEventListener("linlian:desk", show);
show().catch(() => {
  // Without storage nobody acts here.
});
