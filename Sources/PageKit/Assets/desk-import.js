// Units from a CSV file: the file is read here, told of row by row, and what it would change goes into the tray.
import { Refusal, unitsOfRoll } from "./api.js";
import { parse, write } from "./csv.js";
import { canSign } from "./keys.js";
import { element, text } from "./page.js";
import { acts, readRoll, tableFault } from "./roll-file.js";
import { actingKey } from "./staff.js";
import { clearProblem, showProblem, unreachable } from "./status.js";
import { stage, unstage } from "./tray.js";

/** Most rows that the page itself shows; the downloaded report has them all. */
const mostShown = 500;

const form = document.querySelector("form[data-import]");
const input = form.querySelector("input");
const problem = document.querySelector("[data-problem]");
const part = document.querySelector("[data-report]");
const words = document.querySelector("[data-progress-words]");
const line = document.querySelector("[data-line]");
const put = part.querySelector("[data-put]");
let report = [];
let address = null;

/** The roll that stands, by unit. */
async function standing() {
  const found = new Map();
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const answer = await unitsOfRoll(page);
    pages = answer.pages;
    for (const unit of answer.units) found.set(unit.unit, unit);
    words.textContent = text("desk.reading", { done: String(page), count: String(pages) });
  }
  words.textContent = "";
  return found;
}

const why = ({ result, faults, entry }) => (result === "refused"
  ? faults.map(([column, fault, values]) => text("desk.columnFault", { column, fault: text(`desk.row.${fault}`, values) }))
  : [`${(entry.area / 100).toFixed(2)} m² · ${entry.areaSource} · ${entry.building}`]);

function row(one) {
  const made = element("tr");
  made.dataset.result = one.result;
  made.dataset.testid = "import-row";
  const number = element("th", "", String(one.row));
  number.scope = "row";
  const result = element("td");
  const kind = { refused: "bad", added: "good", changed: "wait", unchanged: "plain" }[one.result];
  result.append(element("span", `pill pill-${kind}`, text(`desk.result.${one.result}`)));
  const reasons = element("td");
  reasons.append(...why(one).map((reason) => element("p", "small", reason)));
  made.append(number, element("td", "", one.unit), result, reasons);
  return made;
}

const count = (result) => String(report.filter((one) => one.result === result).length);

function show() {
  // What is wrong comes first: it is what somebody must mend.
  const order = ["refused", "changed", "added", "unchanged"];
  const sorted = [...report].sort((one, other) => order.indexOf(one.result) - order.indexOf(other.result) || one.row - other.row);
  part.querySelector("tbody").replaceChildren(...sorted.slice(0, mostShown).map(row));
  part.querySelector("[data-summary]").textContent = text("desk.summary", {
    added: count("added"), changed: count("changed"), unchanged: count("unchanged"), refused: count("refused"),
  });
  put.hidden = acts(report).length === 0;
  if (address) URL.revokeObjectURL(address);
  const rows = report.map((one) => [String(one.row), one.unit, one.result, why(one).join("; ")]);
  address = URL.createObjectURL(new Blob([write([["row", "unit", "result", "why"], ...rows])], { type: "text/csv" }));
  part.querySelector("[data-download]").href = address;
  part.hidden = false;
}

async function read(file) {
  const refused = (why, values) => new Refusal({ message: text("desk.file"), help: text(why, values) });
  let table;
  try {
    table = parse(new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer()));
  } catch (failure) {
    throw refused(failure instanceof SyntaxError ? "desk.fileQuote" : "desk.fileUTF8");
  }
  const fault = tableFault(table);
  if (fault) throw refused(fault.fault === "empty" ? "desk.fileEmpty" : "desk.fileColumns", { names: fault.names ?? "" });
  report = readRoll(table, await standing());
  show();
}

input.addEventListener("change", async () => {
  const [file] = input.files;
  if (!file) return;
  clearProblem(problem);
  part.hidden = true;
  try {
    await read(file);
  } catch (failure) {
    words.textContent = "";
    showProblem(problem, failure instanceof Refusal ? failure : unreachable());
  } finally {
    // The same file may be chosen again once it is mended.
    input.value = "";
  }
});

put.addEventListener("click", async () => {
  clearProblem(problem);
  const key = await actingKey("registrar");
  if (!key) {
    showProblem(problem, new Refusal({ message: text("desk.noKey"), help: text("desk.noKeyHelp") }));
    return;
  }
  const items = [];
  for (const body of acts(report)) {
    const label = `${form.dataset.label} · ${text("desk.rows", { count: String(body.rows.length) })}`;
    items.push(await stage(key, { type: "registry.importUnits", label, body }));
  }
  put.hidden = true;
  line.replaceChildren(element("span", "toast-words", text("desk.staged", { count: String(items.length) })));
  const back = element("button", "toast-close", text("desk.undo"));
  back.type = "button";
  back.addEventListener("click", async () => {
    await Promise.all(items.map(unstage));
    line.replaceChildren(element("span", "toast-words", text("desk.undone")));
    put.hidden = false;
  });
  line.append(back);
  line.hidden = false;
});

if (canSign()) form.hidden = false;
else showProblem(problem, new Refusal({ message: text("cannotSign"), help: text("cannotSignHelp") }));
