// The page that tests/peers/looks drives: it draws a set from a pose and hands back the pixels.

import * as three from "three";
import { SetView } from "../../src/set";

interface Wanted {
  /** Camera of the set's frame: position, quaternion (w, x, y, z), tangents of four edges. */
  at: [number, number, number];
  turn: [number, number, number, number];
  edges: [number, number, number, number];
  near: number;
  far: number;
  seconds: number;
  state: Record<string, unknown>;
  /** Draw the scene itself, as a headset's buffers are: each piece develops itself. */
  inline?: boolean;
}

const canvas = document.createElement("canvas");
document.body.append(canvas);
const renderer = new three.WebGLRenderer({ canvas, antialias: true, preserveDrawingBuffer: true });
let view: SetView | null = null;

async function load(url: string, quality: "full" | "draft", width: number, height: number): Promise<void> {
  renderer.setPixelRatio(1);
  renderer.setSize(width, height);
  if (!view || view.drawn !== quality) {
    view?.dispose();
    view = new SetView(renderer, { quality });
  }
  await view.load(url);
}

/** The picture as a PNG's data URL, and what is left out. */
async function draw(wanted: Wanted): Promise<{ picture: string; left_out: string[]; ms: number }> {
  if (!view) throw new Error("load a set first");
  const camera = new three.PerspectiveCamera();
  const [w, x, y, z] = wanted.turn;
  const [px, py, pz] = wanted.at;
  camera.position.set(px, pz, -py);
  camera.quaternion.set(x, z, -y, w);
  camera.updateMatrixWorld();
  const [left, right, bottom, top] = wanted.edges.map((edge) => edge * wanted.near) as [number, number, number, number];
  camera.projectionMatrix.makePerspective(left, right, top, bottom, wanted.near, wanted.far);
  camera.projectionMatrixInverse.copy(camera.projectionMatrix).invert();
  view.apply(wanted.state);
  const began = performance.now();
  view.update(wanted.seconds);
  if (wanted.inline) renderer.render(view.scene, camera);
  else view.render(camera);
  const picture = canvas.toDataURL("image/png");
  const ms = performance.now() - began;
  return { picture, left_out: view.left_out, ms };
}

Object.assign(window, { looks: { load, draw, ready: true } });
