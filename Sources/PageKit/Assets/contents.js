// Texts kept beside the ledger: the act names their digest, the node gets the bytes after the act is final.
import { checkContent, Refusal, sendContent } from "./api.js";
import { utf8 } from "./bytes.js";
import { contents, dropContent, keepContent, pending } from "./store.js";

/** Refuses a text that the node would not take, such as one with a telephone number in it. */
export async function screen(list) {
  for (const content of list) await checkContent(utf8(content.text));
}

/** Keeps the contents of an act on this device, before the act is sent. */
export const holdContents = (act, list) =>
  Promise.all(list.map(({ digest, bytes }) => keepContent({ digest, bytes, act })));

/** Brings the contents of an act that is final to the node; what does not arrive now is brought from a later page. */
export async function bringContents(act) {
  const own = (await contents()).filter((content) => content.act === act);
  await Promise.all(own.map(bring));
}

async function bring({ digest, bytes }) {
  try {
    await sendContent(digest, bytes);
  } catch (failure) {
    if (!(failure instanceof Refusal)) return;
    // A refusal stays one: the ledger does not know the text, or the act that named it was refused.
  }
  await dropContent(digest);
}

/** Forgets the contents of an act that was refused; the form's draft still has the words. */
export async function forgetContents(act) {
  const own = (await contents()).filter((content) => content.act === act);
  await Promise.all(own.map(({ digest }) => dropContent(digest)));
}

/** Brings what an earlier page could not; what belongs to an act under way waits for it. */
export async function resumeContents() {
  const waiting = new Set((await pending()).map((act) => act.id));
  await Promise.all((await contents()).filter((content) => !waiting.has(content.act)).map(bring));
}
