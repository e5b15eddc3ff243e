// Images of the GLB as textures: filtered and wrapped as the wall has them.

import * as three from "three";
import type { Laid, Model } from "./glb";
import type { Sheet } from "./sheet";

const WRAPS: Record<number, three.Wrapping> = {
  10497: three.RepeatWrapping, 33071: three.ClampToEdgeWrapping, 33648: three.MirroredRepeatWrapping,
};
const MINIFIED: Record<number, three.MinificationTextureFilter> = {
  9728: three.NearestFilter, 9729: three.LinearFilter, 9984: three.NearestMipmapNearestFilter,
  9985: three.LinearMipmapNearestFilter, 9986: three.NearestMipmapLinearFilter,
  9987: three.LinearMipmapLinearFilter,
};
const PLAIN: Laid = {
  image: -1, texcoord: 0, wrapS: 10497, wrapT: 10497, magFilter: 9729, minFilter: 9987,
};

export class Textures {
  private readonly made = new Map<string, three.Texture>();

  private constructor(private readonly pictures: (ImageBitmap | null)[]) {}

  /** Decode every image that something of the set uses. */
  static async of(model: Model, used: ReadonlySet<number>): Promise<Textures> {
    const pictures = model.images.map(({ bytes, mime }, i) =>
      used.has(i)
        ? createImageBitmap(new Blob([bytes], { type: mime }), {
            imageOrientation: "flipY", premultiplyAlpha: "none", colorSpaceConversion: "none",
          })
        : null,
    );
    return new Textures(await Promise.all(pictures));
  }

  /** An image as a texture; `encoded` pictures hold sRGB, others plain numbers. */
  of(image: number, encoded: boolean, laid: Laid = PLAIN): three.Texture {
    const key = [image, encoded, laid.wrapS, laid.wrapT, laid.magFilter, laid.minFilter].join();
    const known = this.made.get(key);
    if (known) return known;
    const made = new three.Texture(this.pictures[image] ?? undefined);
    made.flipY = false; // the picture is turned already
    made.colorSpace = encoded ? three.SRGBColorSpace : three.NoColorSpace;
    made.wrapS = WRAPS[laid.wrapS] ?? three.RepeatWrapping;
    made.wrapT = WRAPS[laid.wrapT] ?? three.RepeatWrapping;
    made.magFilter = laid.magFilter === 9728 ? three.NearestFilter : three.LinearFilter;
    made.minFilter = MINIFIED[laid.minFilter] ?? three.LinearMipmapLinearFilter;
    made.generateMipmaps = laid.minFilter !== 9728 && laid.minFilter !== 9729;
    made.needsUpdate = true;
    this.made.set(key, made);
    return made;
  }

  /** A picture of one pixel in the middle of its range: half rough, and level. */
  even(): three.Texture {
    const known = this.made.get("even");
    if (known) return known;
    const made = new three.DataTexture(new Uint8Array([255, 128, 128, 255]), 1, 1);
    made.needsUpdate = true;
    this.made.set("even", made);
    return made;
  }

  dispose(): void {
    for (const one of this.made.values()) one.dispose();
    for (const one of this.pictures) one?.close();
  }
}

/** The levels of a reflection map as the mip maps of one texture of half floats. */
export async function reflectionMap(
  model: Model, image: number, reflections: Sheet["reflections"],
): Promise<three.DataTexture> {
  const { bytes, mime } = model.images[image]!;
  const bitmap = await createImageBitmap(new Blob([bytes], { type: mime }), {
    premultiplyAlpha: "none", colorSpaceConversion: "none",
  });
  const [first] = reflections.widths;
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context || first === undefined) throw new Error("this browser cannot read a picture");
  context.drawImage(bitmap, 0, 0);
  const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height).data;
  const made = new three.DataTexture(null, first, first, three.RGBAFormat, three.HalfFloatType);
  let top = 0;
  made.mipmaps = reflections.widths.map((width) => {
    const data = new Uint16Array(4 * width * width);
    for (let i = 0; i < data.length; i++) {
      const pixel = i >> 2;
      const at = 4 * ((top + Math.floor(pixel / width)) * bitmap.width + (pixel % width)) + (i & 3);
      const stored = pixels[at]! / 255;
      data[i] = three.DataUtils.toHalfFloat((i & 3) === 3 ? 1 : Math.min(stored * stored * reflections.scale, 65504));
    }
    top += width;
    return { data, width, height: width };
  });
  bitmap.close();
  made.image = made.mipmaps[0] as { data: Uint16Array<ArrayBuffer>; width: number; height: number };
  made.generateMipmaps = false;
  made.minFilter = three.LinearMipmapLinearFilter;
  made.magFilter = three.LinearFilter;
  made.needsUpdate = true;
  return made;
}
