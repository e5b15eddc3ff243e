// What the viewers' page is compared with: three.js, the same set, nothing else.
import { AmbientLight, DirectionalLight, PerspectiveCamera, Scene, WebGLRenderer } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

const renderer = new WebGLRenderer();
renderer.setSize(innerWidth, innerHeight);
document.body.append(renderer.domElement);
const scene = new Scene();
const camera = new PerspectiveCamera(50, innerWidth / innerHeight, 0.05, 2000);
camera.position.set(0, 1.55, 2.5);
scene.add(new AmbientLight(), new DirectionalLight());
const hash = new URLSearchParams(location.search).get("set");
scene.add((await new GLTFLoader().loadAsync(`/sets/${hash}/set.glb`)).scene);
let pictures = 0;
renderer.setAnimationLoop(() => {
  renderer.render(scene, camera);
  if (++pictures === 2) document.documentElement.dataset["firstPicture"] = String(Math.round(performance.now()));
});
