// The page that tests/peers/looks drives: it draws a set from a pose and hands back the pixels.

import { metaQuest3, XRDevice } from "iwer";
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
  /** Put a white square a metre before the eye, which does not belong to the set. */
  panel?: boolean;
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
  for (let waited = 0; waited < 200; waited++) {
    view.update(wanted.seconds);
    if (!view.left_out.some((one) => one.includes("being loaded"))) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const panel = new three.Mesh(new three.PlaneGeometry(0.1, 0.1), new three.MeshBasicMaterial({ color: 0xffc080 }));
  panel.position.set(0, 0, -1);
  if (wanted.panel) view.scene.add(camera.add(panel));
  const began = performance.now();
  view.update(wanted.seconds);
  if (wanted.inline) renderer.render(view.scene, camera);
  else view.render(camera);
  const picture = canvas.toDataURL("image/png");
  const ms = performance.now() - began;
  camera.removeFromParent();
  return { picture, left_out: view.left_out, ms };
}

interface Eye {
  at: number[];
  turn: number[];
  edges: number[];
}

/** What both eyes of an emulated headset are shown, side by side, and how each of them looks. */
async function headset(seconds: number, state: Record<string, unknown>): Promise<{ picture: string; eyes: Eye[] }> {
  const set = view;
  if (!set) throw new Error("load a set first");
  const device = new XRDevice(metaQuest3);
  device.installRuntime({ forceInstall: true });
  device.stereoEnabled = true;
  device.position.set(0.1, 1.5, 0.2);
  set.apply(state);
  renderer.xr.enabled = true;
  const session = await navigator.xr!.requestSession("immersive-vr", { optionalFeatures: ["local-floor"] });
  await renderer.xr.setSession(session);
  const camera = new three.PerspectiveCamera(70, 1, 0.1, 500);
  const shown = await new Promise<{ picture: string; eyes: Eye[] }>((resolve) => {
    let pictures = 0;
    renderer.setAnimationLoop(() => {
      set.update(seconds);
      set.render(camera);
      if (++pictures < 3) return;
      renderer.setAnimationLoop(null);
      const eyes = renderer.xr.getCamera().cameras.map(eyeOf);
      resolve({ picture: canvas.toDataURL("image/png"), eyes });
    });
  });
  await session.end();
  renderer.xr.enabled = false;
  return shown;
}

function eyeOf(eye: three.PerspectiveCamera): Eye {
  const at = new three.Vector3();
  const q = new three.Quaternion();
  eye.matrixWorld.decompose(at, q, new three.Vector3());
  const e = eye.projectionMatrix.elements;
  const edges = [(e[8]! - 1) / e[0]!, (e[8]! + 1) / e[0]!, (e[9]! - 1) / e[5]!, (e[9]! + 1) / e[5]!];
  return { at: [at.x, -at.z, at.y], turn: [q.w, q.x, -q.z, q.y], edges };
}

Object.assign(window, { looks: { load, draw, headset, ready: true } });
