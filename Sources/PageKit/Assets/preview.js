// What an act will say, in rows of a name and a value: what is signed, without its braces. Nothing here touches the page.

/** The name of a member in words: those the page knows, or the member as it stands. */
const named = (names, path) => names[path.replaceAll(/\[\d+\]/g, "")] ?? path;

const isMoment = (name, value) => Number.isInteger(value) && /^(opens|closes|expires|starts|ends|until|time)$/i.test(name);

/**
 * The rows of a body, the members of an object one by one, a list of plain values in one row. A long list of objects shows
 * its first `most` and how many there are in all; `say` words a number of rows, `moment` a time.
 */
export function rowsOf(body, { names = {}, most = 5, moment = String, more = String } = {}) {
  const rows = [];
  const visit = (path, name, value) => {
    if (Array.isArray(value)) {
      if (value.every((element) => element === null || typeof element !== "object")) {
        rows.push([named(names, path), value.join(", ")]);
        return;
      }
      value.slice(0, most).forEach((element, at) => visit(`${path}[${at + 1}]`, name, element));
      if (value.length > most) rows.push([named(names, path), more(value.length)]);
      return;
    }
    if (value !== null && typeof value === "object") {
      const flat = Object.values(value).every((member) => member === null || typeof member !== "object");
      if (flat && path.includes("[")) {
        rows.push([path, Object.entries(value).map(([key, member]) => `${key} ${member}`).join(" · ")]);
        return;
      }
      for (const [key, member] of Object.entries(value)) visit(path ? `${path}.${key}` : key, key, member);
      return;
    }
    rows.push([named(names, path), isMoment(name, value) ? moment(value) : String(value)]);
  };
  visit("", "", body);
  return rows;
}
