// Brings a signed act to the ledger and follows it until it is final. Nothing is lost on the way: the signed text is kept
// on the device first and forgotten only when it is final or refused.
import { Interruption, Refusal, sendTransaction, transaction } from "./api.js";
import { dropPending, keepPending } from "./store.js";

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

/**
 * Sends the act `{ id, ledger, text, label, notAfter }` and reports each step to `show`: "sending", "waiting",
 * "ordered", "final". Answers the final answer; throws a `Refusal` if it was refused, now or when it was executed.
 */
export async function deliver(act, show) {
  await keepPending(act);
  show("sending");
  try {
    const sent = await patiently(() => sendTransaction(act.text), () => show("waiting"));
    let answer = sent;
    for (let round = 0; answer.final !== true; round += 1) {
      show("ordered", answer);
      await pause(Math.min(5000, 300 * (round + 1)));
      answer = { ...sent, ...(await patiently(() => transaction(act.id), () => show("waiting"))) };
    }
    await dropPending(act.id);
    if (answer.status === "rejected") throw new Refusal(answer);
    show("final", answer);
    return answer;
  } catch (failure) {
    // A refusal is an answer: sent again it would be the same. One that came too late may be done anew.
    if (failure instanceof Refusal) await dropPending(act.id);
    throw failure;
  }
}
