// Builds every style sheet and script: each `frontend/*.scss` and `frontend/*.js` whose name does
// not begin with an underscore becomes build/static/<name>.css or .js.
import { cp, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const out = join(root, "build", "static");
const modules = join(root, "node_modules");
const folders = [
  "config/frontend",
  "surveys/pages/frontend",
  "surveys/library/frontend",
  "proms/overview/frontend",
];
const font = "@fontsource/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin";
// Phones of ten years ago still read the pages; without the script they work as well.
const styleTargets = ["chrome87", "firefox78", "safari13"];
const scriptTarget = "es2019";

async function sources(ending) {
  const found = [];
  for (const folder of folders) {
    const names = await readdir(join(root, folder)).catch(() => []);
    const own = names.filter((name) => name.endsWith(ending) && !name.startsWith("_"));
    found.push(...own.map((name) => join(root, folder, name)));
  }
  return found.sort();
}

async function styleSheet(file) {
  const { css } = sass.compile(file, {
    loadPaths: [join(root, "config/frontend"), modules],
    quietDeps: true,
  });
  const { code } = await esbuild.transform(css, { loader: "css", minify: true, target: styleTargets });
  await writeFile(join(out, `${basename(file, ".scss")}.css`), code);
}

// The patient's pages at phone width whatever the window's: for previews side by side.
async function phoneSheet() {
  const css = await readFile(join(out, "patient.css"), "utf8");
  const phone = css.replace(
    /@media ?(\([^{]*\))\{((?:[^{}]*\{[^{}]*\})*)\}/g,
    (whole, condition, rules) => {
      if (/^\((min-width: ?40|min-width: ?48)/.test(condition)) return "";
      return /^\(max-width: ?4[02]/.test(condition) ? rules : whole;
    },
  );
  await writeFile(join(out, "phone.css"), phone);
}

async function script(file) {
  await esbuild.build({
    entryPoints: [file],
    outfile: join(out, basename(file)),
    bundle: true,
    format: "iife",
    legalComments: "none",
    minify: true,
    nodePaths: [modules],
    target: scriptTarget,
  });
}

async function icon() {
  await cp(join(root, "config/frontend/icon.svg"), join(out, "icon.svg"));
}

async function fonts() {
  await mkdir(join(out, "fonts"), { recursive: true });
  for (const weight of [400, 700]) {
    const name = `atkinson-${weight}.woff2`;
    await cp(join(modules, `${font}-${weight}-normal.woff2`), join(out, "fonts", name));
  }
}

await mkdir(out, { recursive: true });
await Promise.all([
  icon(),
  fonts(),
  ...(await sources(".scss")).map(styleSheet),
  ...(await sources(".js")).map(script),
]);
await phoneSheet();
