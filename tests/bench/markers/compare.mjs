// Looks for markers with js-aruco2, jsQR and ZXing; compare.py starts it in a folder that has their
// packages and the clips. A JSON line for each finder.

import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { width, height, clips, codes, allowed } = JSON.parse(readFileSync("clips.json"));
const { AR } = require("js-aruco2");
for (const name of ["aruco_mip_36h12", "apriltag_36h11"]) {
  new Function("AR", "require", readFileSync(`node_modules/js-aruco2/src/dictionaries/${name}.js`, "utf8")).call({ AR }, AR, () => ({ AR }));
}
AR.DICTIONARIES.OWN = { nBits: 36, tau: 2, codeList: codes.map((code) => parseInt(code, 16)) };

/** Frames as pixels of a canvas; with `stretch`, dim ones are made as bright as can be. */
function frames(clip, stretch) {
  const all = readFileSync(`${clip}.raw`);
  const out = [];
  for (let at = 0; at < all.length; at += width * height) {
    const grey = all.subarray(at, at + width * height);
    const most = stretch ? Math.max(...[...grey.filter((_, i) => i % 97 === 0)], 1) : 255;
    const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
    grey.forEach((value, i) => pixels.fill((value * 255) / most, 4 * i, 4 * i + 3));
    out.push(pixels);
  }
  return out;
}

/** `find` gives the names in a frame, null for one that is not allowed. */
async function measure(finder, clip, find, stretch = false) {
  const start = performance.now();
  let found = 0;
  const hard = frames(clip, stretch);
  const drawn = performance.now() - start;
  for (const [i, pixels] of hard.entries()) found += (await find(pixels)).includes(clips[clip][i]);
  const ms = (performance.now() - start - drawn) / hard.length;
  let wrong = 0;
  for (const pixels of frames("false", stretch)) wrong += (await find(pixels)).filter(Boolean).length;
  console.log(JSON.stringify({ finder, found: found / hard.length, false_names: wrong, ms: Math.round(ms) }));
}

const aruco = (dictionaryName, maxHammingDistance) => {
  const detector = new AR.Detector({ dictionaryName, maxHammingDistance });
  return async (data) => detector.detectImage(width, height, data).map(({ id }) => allowed[id] ?? null);
};
await measure("js-aruco2, ArUco MIP 36h12, as it is", "mip", aruco("ARUCO_MIP_36h12"));
await measure("js-aruco2, ArUco MIP 36h12, 1 wrong cell", "mip", aruco("ARUCO_MIP_36h12", 2));
await measure("js-aruco2, AprilTag 36h11, as it is", "april", aruco("APRILTAG_36h11"));
await measure("js-aruco2, our codes, 1 wrong cell", "own", aruco("OWN", 2));
await measure("js-aruco2, our codes, 1 wrong cell, brightened", "own", aruco("OWN", 2), true);

const jsqr = require("jsqr");
const named = (text) => (text?.startsWith("xd:") ? text.slice(3) : null);
await measure("QR, jsQR", "qr", async (data) => [named(jsqr(data, width, height, { inversionAttempts: "dontInvert" })?.data)]);
const zxing = await import(`file://${process.cwd()}/node_modules/zxing-wasm/dist/es/reader/index.js`);
const wasm = readdirSync("node_modules/zxing-wasm/dist", { recursive: true }).find((name) => name.endsWith("zxing_reader.wasm"));
const { buffer, byteOffset, length } = readFileSync(`node_modules/zxing-wasm/dist/${wasm}`);
zxing.prepareZXingModule({ overrides: { wasmBinary: buffer.slice(byteOffset, byteOffset + length) } });
await measure("QR, ZXing (zxing-wasm)", "qr", async (data) =>
  (await zxing.readBarcodes({ data, width, height, colorSpace: "srgb" }, { formats: ["QRCode"], tryInvert: false })).map(({ text }) => named(text)));
