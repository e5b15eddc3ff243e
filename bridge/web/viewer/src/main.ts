import "./style.css";
import { Shell } from "./shell";

void new Shell(document.querySelector<HTMLElement>("#viewer")!).start();
