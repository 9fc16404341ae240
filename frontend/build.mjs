/* Builds what the pages can do without: one script, three files of the heading face, and the outlines of the countries that packs name.
   Everything goes to the git-ignored folder static/built; the style sheet itself is never built. */
import { build } from "esbuild";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cutOutlines } from "./cut_outlines.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..");
const out = join(root, "src/fairwitness/web/static/built");
const files = join(root, "node_modules/@fontsource/source-serif-4/files");
const cuts = { latin: "latin", "latin-ext": "latin-ext", cyrillic: "cyrillic" };

// A lock file that names a registry ties the project to one machine's network.
const lock = await readFile(join(root, "package-lock.json"), "utf8");
if (/https?:\/\//.test(lock)) {
  throw new Error("package-lock.json holds a web address. Remove 'resolved' and 'funding' entries; .npmrc keeps the first away.");
}

await rm(out, { recursive: true, force: true });
await mkdir(join(out, "fonts"), { recursive: true });
for (const [name, cut] of Object.entries(cuts)) {
  await copyFile(join(files, `source-serif-4-${cut}-600-normal.woff2`), join(out, "fonts", `serif-${name}.woff2`));
}
// The face and what only a script brings to a page: both are a garnish, so they travel in one file beside the style sheet.
await writeFile(join(out, "faces.css"), (await Promise.all(["faces.css", "entering.css"].map((name) => readFile(join(here, name), "utf8")))).join(""));
await build({
  entryPoints: [join(here, "src/app.ts")],
  outfile: join(out, "app.js"),
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  legalComments: "eof",
  logLevel: "info",
});
const cut = await cutOutlines({
  world: join(root, "node_modules/world-atlas/countries-10m.json"),
  folders: [join(root, "src/fairwitness/packs"), join(root, "packs")],
  out: join(out, "outlines"),
});
console.log(cut.length ? `  outlines: ${cut.join(", ")}` : "  no pack names a country; maps are drawn without an outline");
