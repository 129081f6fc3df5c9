import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where the first of these programs is; throws with a sentence that says how to get it. */
export function onPath(what: string, names: string[]): string {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
  if (!found)
    throw new Error(`${what} is missing (on Debian: apt install ${names[0]}); ${what.toUpperCase()} may name it.`);
  return found;
}
