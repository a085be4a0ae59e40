// The one-time enrolment code: 16 signs of Crockford's base 32, typed in any case and with any separators.

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const lookAlikes = { O: "0", I: "1", L: "1" };

/** The number of signs in a code. */
export const codeLength = 16;

/** The signs of what was typed, with look-alikes put right and everything but letters and digits left out. */
export function normaliseCode(typed) {
  return Array.from(typed.normalize("NFKC").toUpperCase())
    .filter((sign) => /[0-9A-Z]/.test(sign))
    .map((sign) => lookAlikes[sign] ?? sign)
    .join("");
}

/** What is wrong with a normalised code: "short", "long", "sign", or null if nothing is. */
export function codeFault(code) {
  if (Array.from(code).some((sign) => !alphabet.includes(sign))) return "sign";
  if (code.length < codeLength) return "short";
  return code.length > codeLength ? "long" : null;
}

/** In groups of four, as it is printed. */
export const groupedCode = (code) => code.match(/.{1,4}/g)?.join("-") ?? "";
