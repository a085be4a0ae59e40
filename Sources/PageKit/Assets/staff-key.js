// A staff key from the file that the node wrote: the line "ES256 <secret>", or PKCS#8 in PEM. From here on it signs in this
// browser and cannot be taken out of it again.
import { Refusal } from "./api.js";
import { concat, fromBase64url } from "./bytes.js";
import { keyName } from "./keys.js";
import { text } from "./page.js";

const algorithm = { name: "ECDSA", namedCurve: "P-256" };
// RFC 5958 and RFC 5915: version, id-ecPublicKey with prime256v1, and a private key of 32 bytes without its public one.
const head = Uint8Array.from([
  0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
  0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x04, 0x27, 0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20,
]);

const refused = (why) => new Refusal({ message: text("desk.keyFile"), help: text(why) });

/** The PKCS#8 bytes in a key file's text; refuses anything else in words. */
export function pkcs8(file) {
  const line = /^ES256 ([A-Za-z0-9_-]{43})\s*$/.exec(file.trim());
  if (line) return concat(head, fromBase64url(line[1]));
  if (/^EdDSA /.test(file.trim())) throw refused("desk.keyEdDSA");
  const pem = /-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----/.exec(file);
  if (!pem) throw refused("desk.keyForm");
  return Uint8Array.from(atob(pem[1].replaceAll(/\s/g, "")), (letter) => letter.charCodeAt(0));
}

/** The key `{ keyid, privateKey, publicKey }` of a file's text; the private key is not extractable. */
export async function importKey(file) {
  const bytes = pkcs8(file);
  try {
    // The public point is worked out by the browser: for this it is imported once more, and let go.
    const { crv, kty, x, y } = await crypto.subtle.exportKey("jwk",
      await crypto.subtle.importKey("pkcs8", bytes, algorithm, true, ["sign"]));
    const publicKey = await crypto.subtle.importKey("jwk", { crv, kty, x, y }, algorithm, true, ["verify"]);
    const privateKey = await crypto.subtle.importKey("pkcs8", bytes, algorithm, false, ["sign"]);
    return { keyid: await keyName(publicKey), privateKey, publicKey };
  } catch {
    // Some browsers want the public key in the file: `linlian keys export` writes it.
    throw refused("desk.keyExport");
  }
}
