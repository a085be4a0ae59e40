// Tables as text (RFC 4180): read with or without a byte order mark, CRLF or LF; written so that no spreadsheet runs a cell.

/** The rows of a text, each a list of cells; throws if a quotation mark is left open. */
export function parse(text) {
  const rows = [];
  let row = [];
  let cell = "";
  let quoted = false;
  const source = text.replace(/^\uFEFF/, "");
  const endCell = () => {
    row.push(cell);
    cell = "";
  };
  const endRow = () => {
    endCell();
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  };
  for (let at = 0; at < source.length; at += 1) {
    const sign = source[at];
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (source[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === ",") endCell();
    else if (sign === "\n") endRow();
    else if (sign !== "\r") cell += sign;
  }
  if (quoted) throw new SyntaxError("quote");
  if (cell !== "" || row.length > 0) endRow();
  return rows;
}

function written(value) {
  const plain = /^[+\-=@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** Rows as text, with a byte order mark so that spreadsheets know it is UTF-8. */
export const write = (rows) => `\uFEFF${rows.map((row) => row.map(written).join(",")).join("\r\n")}\r\n`;
