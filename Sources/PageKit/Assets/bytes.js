// Bytes and their spellings: UTF-8, hexadecimal, base64url (RFC 4648 section 5, without padding), SHA-256.

/** UTF-8 bytes of a text. */
export const utf8 = (text) => new TextEncoder().encode(text);

/** Several byte arrays, one after the other. */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Lower-case hexadecimal. */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** base64url without padding. */
export function base64url(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The bytes of a base64url text without padding. */
export function fromBase64url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new TypeError("not base64url");
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

/** SHA-256 (FIPS 180-4). */
export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

/** An unsigned big-endian number. */
export const toBigInt = (bytes) => BigInt(`0x${hex(bytes) || "0"}`);

/** A number as `length` big-endian bytes. */
export function fromBigInt(number, length) {
  const digits = number.toString(16).padStart(length * 2, "0");
  return Uint8Array.from({ length }, (_, at) => Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16));
}
