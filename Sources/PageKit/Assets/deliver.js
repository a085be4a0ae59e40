// Brings a signed act to the ledger and follows it until it is final. Nothing is lost on the way: the signed text is kept
// on the device first and forgotten only when it is final or refused.
import { Interruption, Refusal, sendTransaction, transaction } from "./api.js";
import { bringContents, forgetContents } from "./contents.js";
import { dropPending, keepAct, keepPending } from "./store.js";

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** After how many milliseconds the try of this number follows: 1 s doubling up to 30 s. */
export const backOff = (attempt) => Math.min(30_000, 1000 * 2 ** Math.min(attempt, 5));

async function patiently(work, onWait) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (failure) {
      if (!(failure instanceof Interruption)) throw failure;
      onWait();
      await pause(backOff(attempt));
    }
  }
}

/** What is remembered of an act: what it was, and from which page. */
function remembered(act) {
  const { type, as } = JSON.parse(act.text.split("\n")[2]);
  const { id, ledger, label, path } = act;
  return { id, ledger, label, path, type, as, time: act.signed ?? Date.now() };
}

/**
 * Sends the act `{ id, ledger, text, label, path, notAfter }` and reports each step to `show`: "sending", "waiting",
 * "held", "ordered", "final". Answers the final answer; throws a `Refusal` if it was refused, now or when it was executed.
 * Whatever comes of it is remembered on this device.
 */
export async function deliver(act, show) {
  const record = remembered(act);
  await keepPending({ ...act, signed: record.time });
  await keepAct({ ...record, state: "sending" });
  show("sending");
  try {
    const sent = await patiently(() => sendTransaction(act.text), () => show("waiting"));
    let answer = sent;
    for (let round = 0; answer.final !== true; round += 1) {
      // Recorded at this node, which cannot reach the others: it goes on trying, and so there is nothing to do anew.
      show(answer.status === "waiting" ? "held" : "ordered", answer);
      await pause(Math.min(5000, 300 * (round + 1)));
      answer = { ...sent, ...(await patiently(() => transaction(act.id), () => show("waiting"))) };
    }
    if (answer.status === "rejected") throw new Refusal(answer);
    await keepAct({ ...record, state: "final", receipt: answer.receipt });
    await dropPending(act.id);
    await bringContents(act.id);
    show("final", answer);
    return answer;
  } catch (failure) {
    // A refusal is an answer: sent again it would be the same. One that came too late may be done anew.
    if (failure instanceof Refusal) {
      await keepAct({ ...record, state: "refused", code: failure.code, message: failure.message });
      await dropPending(act.id);
      await forgetContents(act.id);
    }
    throw failure;
  }
}
