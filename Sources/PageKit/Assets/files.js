// Files of staff: brought to the node with a signed claim before the act that names their digests.
import { sendAttachment } from "./api.js";
import { base64url, utf8 } from "./bytes.js";
import { ledger, serverNow } from "./page.js";
import { lifetime, signatureLine } from "./transaction.js";

const claimType = "application/vnd.linlian.attachment";

/** Brings each `{ digest, mediaType, bytes }`; bringing one again changes nothing. */
export async function bringFiles(key, files) {
  for (const { digest, mediaType, bytes } of files) {
    // The claim's members in the ledger's order.
    const claim = JSON.stringify({ digest, ledger, mediaType, notAfter: serverNow() + lifetime, public: true });
    await sendAttachment(bytes, base64url(utf8(claim)), await signatureLine(key, claim, claimType));
  }
}
