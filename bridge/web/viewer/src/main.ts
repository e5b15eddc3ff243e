import { PerspectiveCamera, Scene, WebGLRenderer } from "three";
import "./style.css";

const renderer = new WebGLRenderer({ antialias: true });
renderer.setSize(innerWidth, innerHeight);
document.querySelector("#viewer")!.append(renderer.domElement);
const scene = new Scene();
const camera = new PerspectiveCamera(60, innerWidth / innerHeight, 0.05, 200);
renderer.setAnimationLoop(() => renderer.render(scene, camera));
