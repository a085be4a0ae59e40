// On every page: brings to the ledger what was signed earlier and did not arrive, for instance because the network failed.
import { Refusal } from "./api.js";
import "./connection.js";
import { resumeContents } from "./contents.js";
import { deliver } from "./deliver.js";
import { ledger, text } from "./page.js";
import { showProblem, statusLine } from "./status.js";
import { identity, pending, staffKeys } from "./store.js";

const place = document.getElementById("pending");

/** Where the page has words for it, the reader sees it happen; elsewhere it happens quietly. */
async function resend(act) {
  const line = document.getElementById("signing") ? statusLine(place, text("resending", { label: act.label })) : null;
  try {
    await deliver(act, line?.show ?? (() => {}));
  } catch (failure) {
    line?.fail();
    if (line && failure instanceof Refusal) showProblem(place.appendChild(document.createElement("div")), failure);
  }
}

async function resume() {
  if (!globalThis.indexedDB || !globalThis.crypto?.subtle) return;
  // Who is bound already need not be invited.
  const invitation = document.querySelector("[data-until-bound]");
  if (invitation && (await identity(ledger))?.account) invitation.hidden = true;
  // What only staff can do is in nobody else's way.
  if ((await staffKeys(ledger)).length > 0) {
    for (const link of document.querySelectorAll("[data-staff]")) link.hidden = false;
  }
  // One that has lapsed is sent too: if it arrived in time the answer says so, otherwise it is refused and forgotten.
  await Promise.all((await pending()).map(resend));
  await resumeContents();
}

resume().catch(() => {
  // Storage is switched off: then nothing was kept either.
});
