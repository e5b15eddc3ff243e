import "./style.css";
import { Shell } from "./shell";

const shell = new Shell(document.querySelector<HTMLElement>("#viewer")!);
// For the browser's console, and for tests.
Object.assign(window, { xrdrama: shell });
void shell.start();
