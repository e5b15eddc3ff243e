// Runs the finder of markers on frames, with Node alone; tests/markers/finder.py starts it.
// Arguments: a file of grey frames, its width and height, the focal length in pixels, the side of the
// markers in metres, their codes as JSON, `strict` or `loose`. A JSON line for each frame.

import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";

// The page's sources name each other without .ts, as Vite reads them.
registerHooks({
  resolve: (name, context, next) => next(/^\.\.?\//.test(name) && !/\.\w+$/.test(name) ? `${name}.ts` : name, context),
});
const source = new URL("../../src/markers/", import.meta.url);
const { findInGrey } = await import(new URL("finder.ts", source));
const { LOOSE, STRICT } = await import(new URL("codes.ts", source));

const [file, across, down, focal, size, codes, rules] = process.argv.slice(2);
const [width, height] = [Number(across), Number(down)];
const lens = { focal: Number(focal), centre: [width / 2, height / 2] };
const all = readFileSync(file);
for (let at = 0; at < all.length; at += width * height) {
  const frame = { width, height, data: all.subarray(at, at + width * height) };
  const found = findInGrey(frame, JSON.parse(codes), Number(size), lens, rules === "loose" ? LOOSE : STRICT);
  console.log(JSON.stringify(found));
}
