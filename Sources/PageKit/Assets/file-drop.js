// Choosing files: the list of what was chosen with a way to take each out again, dropping, and the limits said at once.
// Without this script the plain control works, and the server says what is too large.

/** A size as people read it. */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  const kilo = Math.ceil(bytes / 1024);
  return kilo < 1024 ? `${kilo} KB` : `${(Math.ceil(kilo * 10 / 1024) / 10).toFixed(1)} MB`;
}

/** Which of `more` may join `kept`, and the first reason why another may not. */
export function admitted(kept, more, { most, largest }) {
  const files = [...kept];
  let fault = null;
  for (const file of more) {
    if (files.some((known) => known.name === file.name && known.size === file.size)) continue;
    if (file.size > largest) fault ??= { kind: "tooLarge", name: file.name };
    else if (files.length >= most) fault ??= { kind: "tooMany", name: file.name };
    else files.push(file);
  }
  return { files, fault };
}

function attach(place) {
  const input = place.querySelector("input[type=file]");
  const list = place.querySelector("[data-files-list]");
  const told = place.querySelector("[data-files-error]");
  const limits = { most: Number(place.dataset.most), largest: Number(place.dataset.largest) };
  let kept = [];
  let own = false;
  const changed = () => {
    own = true;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    own = false;
  };

  const show = () => {
    const transfer = new DataTransfer();
    for (const file of kept) transfer.items.add(file);
    input.files = transfer.files;
    list.replaceChildren(...kept.map((file) => {
      const line = document.createElement("li");
      const name = Object.assign(document.createElement("span"), { className: "files-name", textContent: file.name });
      const bytes = Object.assign(document.createElement("span"), { className: "small", textContent: size(file.size) });
      const remove = Object.assign(document.createElement("button"), { type: "button", textContent: place.dataset.remove });
      remove.setAttribute("aria-label", `${place.dataset.remove} ${file.name}`);
      remove.addEventListener("click", () => {
        kept = kept.filter((other) => other !== file);
        tell(null);
        show();
        input.focus();
        changed();
      });
      line.append(name, bytes, remove);
      return line;
    }));
  };
  const tell = (fault) => {
    told.hidden = !fault;
    told.textContent = fault ? `${place.dataset[fault.kind]} ${fault.name}` : "";
  };
  const add = (more) => {
    const { files, fault } = admitted(kept, more, limits);
    kept = files;
    tell(fault);
    show();
  };

  input.addEventListener("change", () => {
    if (!own) add([...input.files]);
  });
  place.addEventListener("dragover", (event) => {
    event.preventDefault();
    place.classList.add("is-over");
  });
  place.addEventListener("dragleave", () => place.classList.remove("is-over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("is-over");
    add([...event.dataTransfer.files]);
    changed();
  });
}

if (globalThis.document) for (const place of document.querySelectorAll("[data-files]")) attach(place);
