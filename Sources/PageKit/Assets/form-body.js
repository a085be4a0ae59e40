// What a form's controls say, as the body of an act. Nothing here touches the page, so that it can be tried without one.
import { base64url, concat, hex, sha256, utf8 } from "./bytes.js";

/** A control whose value cannot be what it should; `fault` names the text "field.<fault>", `values` its places. */
export class FieldFault extends Error {
  constructor(fault, values = {}) {
    super(fault);
    Object.assign(this, { fault, values });
  }
}

/** Digits as people type them in Chinese and in English: full width, with separators of thousands. */
const plainNumber = (typed) => typed.normalize("NFKC").replaceAll(/[,\s，]/g, "");

function integer(typed) {
  const plain = plainNumber(typed);
  const number = Number(plain);
  if (!/^[+-]?\d+$/.test(plain) || !Number.isSafeInteger(number)) throw new FieldFault("integer");
  return number;
}

function hundredths(typed) {
  const found = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(plainNumber(typed));
  if (!found) throw new FieldFault("hundredths");
  // Digits are put together as text: 0.29 × 100 is not 29 in binary.
  const number = Number(`${found[1]}${found[2]}${(found[3] ?? "").padEnd(2, "0")}`);
  if (!Number.isSafeInteger(number)) throw new FieldFault("hundredths");
  return number;
}

/** A wall-clock time "2026-03-05T14:30" in a zone `offset` minutes east of UTC, as milliseconds since 1970. */
export function instant(typed, offset) {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?/.exec(typed);
  if (!parts) throw new FieldFault("instant");
  const [year, month, day, hour, minute, second] = parts.slice(1).map((part) => Number(part ?? 0));
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  if (new Date(time).getUTCDate() !== day) throw new FieldFault("instant");
  return time - offset * 60_000;
}

/** The wall-clock time of a moment, as a control of type datetime-local takes it. */
export const wallClock = (time, offset) => new Date(time + offset * 60_000).toISOString().slice(0, 16);

/** A list as people write it: parted by commas of either script, or by lines. */
export const words = (typed) => typed.split(/[,，、\n]/).map((word) => word.trim()).filter(Boolean);

/** An identifier that is new: a prefix and twelve random letters and digits. */
export function fresh(prefix) {
  const signs = "abcdefghijklmnopqrstuvwxyz0123456789";
  let made = "";
  while (made.length < 12) {
    // 252 is the largest multiple of 36 in a byte: beyond it some signs would come more often.
    const [byte] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < 252) made += signs[byte % 36];
  }
  return `${prefix}-${made}`;
}

/** The bytes of a text kept beside the ledger: a random line first, so that nobody can try texts against the digest. */
export const contentBytes = (text, salt = crypto.getRandomValues(new Uint8Array(16))) =>
  concat(utf8(base64url(salt)), utf8("\n"), utf8(text));

/** The same value with the keys of every object sorted, as canonical JSON wants them. */
export function canonical(value) {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, canonical(value[key])]));
}

/** Puts `value` into `body` at a dotted path. */
export function place(body, path, value) {
  const names = path.split(".");
  const last = names.pop();
  let at = body;
  for (const name of names) at = at[name] ??= {};
  at[last] = value;
}

/** What one control says: undefined if it is empty. `control` is `{ kind, value, files, empty }`. */
async function said({ kind, value, files, empty }, { offset, contents, attachments }) {
  if (kind === "files") {
    if (files.length === 0) return undefined;
    return Promise.all(files.map(async (file) => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const named = { digest: hex(await sha256(bytes)), mediaType: file.type, name: file.name, size: bytes.length };
      attachments.push({ ...named, bytes });
      return named;
    }));
  }
  if (typeof value !== "string") return value;
  const trimmed = value.trim();
  if (trimmed === "") return empty;
  switch (kind) {
    case "integer": return integer(trimmed);
    case "hundredths": return hundredths(trimmed);
    case "boolean": return trimmed === "true";
    case "instant": return instant(trimmed, offset);
    case "words": return words(trimmed);
    case "fresh": return fresh(trimmed);
    case "content": {
      const bytes = contentBytes(trimmed.replaceAll("\r\n", "\n"));
      const digest = hex(await sha256(bytes));
      contents.push({ digest, bytes, text: trimmed });
      return digest;
    }
    // Line breaks in the middle are the writer's; browsers hand them over in either spelling.
    default: return trimmed.replaceAll("\r\n", "\n");
  }
}

/**
 * The body that `controls` make: each `{ field, kind, value, files }`, where `value` is a text, or a boolean or a list for
 * check boxes. Answers `{ body, contents, attachments, faults }`; `faults` are `{ at, fault, values }`, `at` counts controls.
 */
export async function bodyOf(controls, offset) {
  const body = {};
  const kept = { offset, contents: [], attachments: [] };
  const faults = [];
  for (const [at, control] of controls.entries()) {
    try {
      const value = await said(control, kept);
      if (value !== undefined) place(body, control.field, value);
    } catch (failure) {
      if (!(failure instanceof FieldFault)) throw failure;
      faults.push({ at, fault: failure.fault, values: failure.values });
    }
  }
  return { body: canonical(body), contents: kept.contents, attachments: kept.attachments, faults };
}
