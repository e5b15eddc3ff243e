// The figures of a show by their hashes: each is read once, and shared by all sets.

import { FigureFile, MOST_ACTIVE } from "./file";

const AGAIN_MS = 5000; // after which a figure that could not be read is asked for again
const OTHERS = 90; // rows of uniforms that the shader of a figure has beside joints and shapes

export class Files {
  private readonly found = new Map<string, FigureFile | string>();

  /** `most`: how many rows of uniforms a vertex shader may have here. */
  constructor(private readonly most: number) {}

  /** The figure; null while it is read, and where it cannot be. */
  get = (hash: string): FigureFile | null => {
    if (!hash) return null;
    const known = this.found.get(hash);
    if (known === undefined) {
      this.found.set(hash, "it is being loaded");
      void this.load(hash);
    }
    return known instanceof FigureFile ? known : null;
  };

  /** Why a figure is not drawn; "" where it is. */
  why(hash: string): string {
    if (!hash) return "it has no figure here yet";
    const known = this.found.get(hash);
    return typeof known === "string" ? known : "";
  }

  dispose(): void {
    for (const one of this.found.values()) if (one instanceof FigureFile) one.dispose();
    this.found.clear();
  }

  private async load(hash: string): Promise<void> {
    try {
      const file = await FigureFile.load(`/figures/${encodeURIComponent(hash)}.glb`);
      const joints = Math.max(...file.model.skins.map((skin) => skin.joints.length));
      const rows = 3 * joints + MOST_ACTIVE + OTHERS;
      if (rows > this.most) {
        this.found.set(hash, `it needs ${rows} rows of uniforms, this browser's graphics has ${this.most}`);
        return file.dispose();
      }
      this.found.set(hash, file);
    } catch (error) {
      this.found.set(hash, error instanceof Error ? error.message : String(error));
      setTimeout(() => this.found.delete(hash), AGAIN_MS); // the network may be back
    }
  }
}
