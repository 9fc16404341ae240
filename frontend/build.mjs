/* Builds what the pages can do without: one script, three files of the heading face, and the outlines of the countries that packs name.
   Everything goes to the git-ignored folder static/built; the style sheet itself is never built. */
import { build } from "esbuild";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import subsetFont from "subset-font";
import { cutOutlines } from "./cut_outlines.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..");
const out = join(root, "src/fairwitness/web/static/built");
const files = join(root, "node_modules/@fontsource/source-serif-4/files");
// Of each file the letters that headings of this trade are written in; faces.css names the same ones. A heading waits for no other.
const span = (first, last) => String.fromCodePoint(...Array.from({ length: last - first + 1 }, (_, step) => first + step));
const cuts = {
  latin: span(0x20, 0x7e) + span(0xa0, 0xff) + "ı–—‘’“”„•…‹›€−",
  "latin-ext": span(0x100, 0x130) + span(0x132, 0x17e) + span(0x218, 0x21b),
  cyrillic: span(0x400, 0x45f) + "№",
};

// A lock file that names a registry ties the project to one machine's network.
const lock = await readFile(join(root, "package-lock.json"), "utf8");
if (/https?:\/\//.test(lock)) {
  throw new Error("package-lock.json holds a web address. Remove 'resolved' and 'funding' entries; .npmrc keeps the first away.");
}

await rm(out, { recursive: true, force: true });
await mkdir(join(out, "fonts"), { recursive: true });
for (const [name, letters] of Object.entries(cuts)) {
  const whole = await readFile(join(files, `source-serif-4-${name}-600-normal.woff2`));
  await writeFile(join(out, "fonts", `serif-${name}.woff2`), await subsetFont(whole, letters, { targetFormat: "woff2" }));
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
