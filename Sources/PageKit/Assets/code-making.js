// New enrolment codes: 16 signs of Crockford's base 32 from 80 random bits, and what the ledger knows of them.
import { concat, hex, sha256, utf8 } from "./bytes.js";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** The code of ten bytes, five bits a sign. */
export function codeOf(bytes) {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  return Array.from({ length: 16 }, (_, at) => alphabet[Number.parseInt(bits.slice(at * 5, at * 5 + 5), 2)]).join("");
}

/** A new code; one with so many digits that the gate might take it for a telephone or card number is not given out. */
export function newCode() {
  for (;;) {
    const code = codeOf(crypto.getRandomValues(new Uint8Array(10)));
    if (code.replaceAll(/\D/g, "").length < 11) return code;
  }
}

/** SHA-256(0x03 ‖ code) in hexadecimal: what the ledger knows of a code. */
export const codeHash = async (code) => hex(await sha256(concat(Uint8Array.of(3), utf8(code))));
