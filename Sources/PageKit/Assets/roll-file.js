// A roll of units from a table, checked row by row against itself and against the roll that stands. Nothing here touches the
// page. The columns are those of `linlian import roll`; the owner's is a pseudonym here, because names stay beside the node.
import { canonical } from "./form-body.js";

/** Most rows of one act, and bytes of its body: together with what the ledger says of them they fit one record. */
export const rowsOfAct = 200;
export const bytesOfAct = 22_000;

const needed = ["unit", "building", "area", "area_source"];
const sources = ["registry", "survey", "contract"];
const isIdentifier = (text) => /^[A-Za-z0-9._:-]{1,64}$/.test(text);
// The gate's own screen decides; this tells of the usual cases before anything is signed.
const looksPersonal = (text) => /(^|\D)1[3-9]\d{9}(\D|$)|\d{17}[\dXx]|\d{15}/.test(text.replaceAll(/[\s-]/g, ""));

/** What keeps a table from being read at all: "empty" or "columns" with those that are missing; null if nothing does. */
export function tableFault([header]) {
  if (!header) return { fault: "empty" };
  const names = header.map((name) => name.trim().toLowerCase());
  const missing = needed.filter((name) => !names.includes(name));
  return missing.length > 0 ? { fault: "columns", names: missing.join(", ") } : null;
}

function hundredths(text) {
  const found = /^(\d{1,8})(?:\.(\d{1,2}))?$/.exec(text);
  return found ? Number(found[1] + (found[2] ?? "").padEnd(2, "0")) : 0;
}

function check(cell, row, seen, standing) {
  const faults = [];
  const unit = cell("unit");
  if (!isIdentifier(unit)) faults.push(["unit", "identifier"]);
  else if (seen.has(unit)) faults.push(["unit", "repeated", { row: String(seen.get(unit)) }]);
  else seen.set(unit, row);
  const building = cell("building");
  if (!isIdentifier(building)) faults.push(["building", "identifier"]);
  const area = hundredths(cell("area"));
  if (area < 1 || area > 1_000_000_000) faults.push(["area", "area"]);
  const areaSource = cell("area_source");
  if (!sources.includes(areaSource)) faults.push(["area_source", "source"]);
  const label = cell("label");
  if (new TextEncoder().encode(label).length > 64) faults.push(["label", "long"]);
  for (const [column, text] of [["unit", unit], ["building", building], ["label", label]]) {
    if (looksPersonal(text)) faults.push([column, "personal"]);
  }
  const holder = cell("holder");
  const now = standing.get(unit);
  let owner = cell("owner");
  const isDeveloper = holder === "developer" || (!owner && holder === "" && now?.developer === true);
  if (!["", "owner", "developer"].includes(holder)) faults.push(["holder", "holder"]);
  else if (holder === "developer" && owner) faults.push(["owner", "developer"]);
  else if (owner && !/^o[0-9a-f]{20}$/.test(owner)) faults.push(["owner", "name"]);
  else if (!owner && !isDeveloper) {
    owner = now?.owner ?? "";
    if (!owner) faults.push(["owner", "owner"]);
  }
  const entry = { area, areaSource, building, unit, ...(label && { label }), ...(isDeveloper ? { developer: true } : { owner }) };
  return { faults, entry: canonical(entry) };
}

const same = (entry, unit) =>
  entry.area === unit.area && entry.areaSource === unit.areaSource && entry.building === unit.building &&
  (entry.label ?? entry.unit) === unit.label && entry.owner === unit.owner && Boolean(entry.developer) === Boolean(unit.developer);

/**
 * What each row of a table would do: `{ row, unit, result, faults, entry }`, `result` one of "added", "changed", "unchanged",
 * "refused". `standing` maps a unit to the roll's `{ area, areaSource, building, label, owner?, developer? }`; rows count from 2.
 */
export function readRoll([header, ...rows], standing) {
  const names = header.map((name) => name.trim().toLowerCase());
  const seen = new Map();
  return rows.map((cells, at) => {
    const cell = (name) => (cells[names.indexOf(name)] ?? "").trim();
    const { faults, entry } = check(cell, at + 2, seen, standing);
    const now = standing.get(entry.unit);
    const result = faults.length > 0 ? "refused" : !now ? "added" : same(entry, now) ? "unchanged" : "changed";
    return { row: at + 2, unit: entry.unit, result, faults, entry };
  });
}

/** The bodies of the acts that bring what was added and changed. */
export function acts(report) {
  const bodies = [];
  let size = bytesOfAct;
  for (const { result, entry } of report) {
    if (result !== "added" && result !== "changed") continue;
    const length = new TextEncoder().encode(JSON.stringify(entry)).length + 1;
    if (size + length > bytesOfAct || bodies.at(-1).rows.length === rowsOfAct) {
      bodies.push({ rows: [] });
      size = 0;
    }
    bodies.at(-1).rows.push(entry);
    size += length;
  }
  return bodies;
}
