import { CanvasTexture, Group, LinearFilter, Mesh, MeshBasicMaterial, PlaneGeometry, SRGBColorSpace } from "three";
import { wrap } from "./set/text";

const PIXELS = 700; // per metre of a panel
const FONT = '"Noto Sans", "Noto Sans CJK SC", "PingFang SC", system-ui, sans-serif';

/** A text or a button in the world: a canvas on a rectangle. */
export class Panel {
  readonly mesh: Mesh<PlaneGeometry, MeshBasicMaterial>;
  readonly root = new Group();
  /** The share of a gaze or of the time, 0 to 1, drawn as a line at the lower edge. */
  private readonly canvas = document.createElement("canvas");
  private readonly texture: CanvasTexture;
  private drawn = "";

  constructor(readonly width: number, readonly height: number) {
    this.canvas.width = Math.round(width * PIXELS);
    this.canvas.height = Math.round(height * PIXELS);
    this.texture = new CanvasTexture(this.canvas);
    this.texture.colorSpace = SRGBColorSpace;
    this.texture.minFilter = LinearFilter;
    this.texture.generateMipmaps = false;
    const material = new MeshBasicMaterial({ map: this.texture, transparent: true, depthTest: false, toneMapped: false });
    this.mesh = new Mesh(new PlaneGeometry(width, height), material);
    this.mesh.renderOrder = 1000;
    this.root.add(this.mesh);
  }

  /** Draw texts in the middle, each with its size in pixels; long ones are broken into lines. */
  draw(look: PanelLook): void {
    const key = JSON.stringify(look);
    if (key === this.drawn) return;
    this.drawn = key;
    const pen = this.canvas.getContext("2d");
    if (!pen) return;
    const { width, height } = this.canvas;
    pen.clearRect(0, 0, width, height);
    if (look.ground) {
      pen.fillStyle = look.ground;
      pen.beginPath();
      pen.roundRect(3, 3, width - 6, height - 6, 26);
      pen.fill();
      pen.strokeStyle = look.edge ?? "rgb(255 255 255 / 0.22)";
      pen.lineWidth = look.edge ? 6 : 2;
      pen.stroke();
    }
    const left = look.dot ? 110 : 30;
    if (look.dot) dot(pen, 58, height / 2, look.dot);
    this.write(pen, look, left);
    if (look.share !== undefined) {
      pen.fillStyle = "rgb(255 255 255 / 0.16)";
      pen.fillRect(30, height - 20, width - 60, 8);
      pen.fillStyle = look.bar ?? "#f0b25e";
      pen.fillRect(30, height - 20, (width - 60) * Math.min(1, Math.max(0, look.share)), 8);
    }
    this.texture.needsUpdate = true;
  }

  private write(pen: CanvasRenderingContext2D, look: PanelLook, left: number): void {
    const { width, height } = this.canvas;
    const rows: { text: string; size: number; colour: string }[] = [];
    for (const { text, size, colour, language } of look.lines) {
      pen.font = `600 ${size}px ${FONT}`;
      const measure = (start: number, end: number): number => pen.measureText(text.slice(start, end)).width / size;
      const fitted = wrap(text, language ?? "en", (width - left - 30) / size, measure);
      rows.push(...fitted.map((row) => ({ text: row, size, colour })));
    }
    let y = height / 2 - rows.reduce((sum, row) => sum + row.size * 1.3, 0) / 2;
    pen.textBaseline = "middle";
    pen.textAlign = look.dot ? "left" : "center";
    for (const { text, size, colour } of rows) {
      pen.font = `600 ${size}px ${FONT}`;
      y += size * 0.65;
      const x = look.dot ? left : width / 2;
      if (!look.ground) {
        pen.lineJoin = "round";
        pen.lineWidth = size / 5;
        pen.strokeStyle = "rgb(0 0 0 / 0.85)";
        pen.strokeText(text, x, y);
      }
      pen.fillStyle = colour;
      pen.fillText(text, x, y);
      y += size * 0.65;
    }
  }

  dispose(): void {
    this.texture.dispose();
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
    this.root.removeFromParent();
  }
}

export interface PanelLook {
  lines: { text: string; size: number; colour: string; language?: string }[];
  ground?: string;
  edge?: string;
  /** A ring at the left, filled by the share that the gaze has rested on it. */
  dot?: { digit: string; share: number };
  share?: number;
  bar?: string;
}

function dot(pen: CanvasRenderingContext2D, x: number, y: number, look: { digit: string; share: number }): void {
  pen.lineWidth = 7;
  pen.strokeStyle = "rgb(255 255 255 / 0.28)";
  pen.beginPath();
  pen.arc(x, y, 34, 0, Math.PI * 2);
  pen.stroke();
  if (look.share > 0) {
    pen.strokeStyle = "#f0b25e";
    pen.beginPath();
    pen.arc(x, y, 34, -Math.PI / 2, -Math.PI / 2 + look.share * Math.PI * 2);
    pen.stroke();
  }
  pen.fillStyle = "#ffffff";
  pen.font = `700 34px ${FONT}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(look.digit, x, y + 2);
}
