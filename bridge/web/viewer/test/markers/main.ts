// The page that tests/peers/markers drives: the viewers' camera, with a show that opens
// everything and notes it in `found`. Its address names the codes and the rules: ?codes=JSON&frames=N&loose=1.

import { LOOSE, STRICT } from "../../src/markers/codes";
import { MarkerCamera } from "../../src/markers/view";

const asked = new URLSearchParams(location.search);
const codes = JSON.parse(asked.get("codes") ?? "{}") as Record<string, string>;
const found: string[] = [];
const said: string[] = [];
const camera = new MarkerCamera(document.querySelector("main")!, {
  codes: () => codes,
  found: (marker) => {
    found.push(marker);
    return Promise.resolve({ text: "", code: "" });
  },
  notify: (text) => said.push(text),
  settings: { frames: Number(asked.get("frames") ?? 4), rules: asked.has("loose") ? LOOSE : STRICT },
});
camera.allow(Object.keys(codes));
document.body.append(camera.button, camera.notes);
Object.assign(window, { markers: { camera, found, said } });
