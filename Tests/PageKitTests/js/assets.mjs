// Loads the browser's modules in node: they are copied beside a package.json that says they are modules.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto;
const source = fileURLToPath(new URL("../../../Sources/PageKit/Assets/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "linlian-assets-"));
cpSync(source, folder, { recursive: true });
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, "package.json"), '{"type":"module"}');

/** One of the browser's modules. */
export const asset = (name) => import(pathToFileURL(join(folder, name)));
