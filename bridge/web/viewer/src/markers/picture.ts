// Grey pictures and what is computed on whole pictures: smoothing, and which pixels are dark.

export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray | Uint8Array;
}

/** Luma (Rec. 601) of RGBA pixels. */
export function grey({ width, height, data }: Pixels): Grey {
  const out = new Uint8Array(width * height);
  for (let i = 0, j = 0; i < out.length; i++, j += 4) {
    out[i] = (data[j]! * 77 + data[j + 1]! * 150 + data[j + 2]! * 29) >> 8;
  }
  return { width, height, data: out };
}

/** Sums over rectangles: entry (x, y) is the sum of all pixels left of x and above y. */
export function integral({ width, height, data }: Grey): Uint32Array {
  const stride = width + 1;
  const sums = new Uint32Array(stride * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += data[y * width + x]!;
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1]! + row;
    }
  }
  return sums;
}

/** 1 where the mean of 3 x 3 pixels is darker than the mean of the window around it, by at least
 * `least` levels and a twelfth of that mean: the rule holds in the dark and in the light. */
export function dark(picture: Grey, sums: Uint32Array, radius: number, least: number): Uint8Array {
  const { width, height } = picture;
  const stride = width + 1;
  const out = new Uint8Array(width * height);
  for (let y = 1; y < height - 1; y++) {
    const top = Math.max(0, y - radius) * stride;
    const bottom = Math.min(height, y + radius + 1) * stride;
    const tall = bottom / stride - top / stride;
    for (let x = 1; x < width - 1; x++) {
      const left = Math.max(0, x - radius);
      const right = Math.min(width, x + radius + 1);
      const mean =
        (sums[bottom + right]! - sums[bottom + left]! - sums[top + right]! + sums[top + left]!) /
        ((right - left) * tall);
      const near = (y + 2) * stride + x + 2;
      const over = (y - 1) * stride + x + 2;
      const own = (sums[near]! - sums[near - 3]! - sums[over]! + sums[over - 3]!) / 9;
      if (own < mean - Math.max(least, mean / 12)) out[y * width + x] = 1;
    }
  }
  return out;
}

/** The grey level between pixels; positions are of pixel centres. */
export function level({ width, height, data }: Grey, x: number, y: number): number {
  const cx = Math.min(Math.max(x, 0), width - 1.001);
  const cy = Math.min(Math.max(y, 0), height - 1.001);
  const ix = cx | 0;
  const iy = cy | 0;
  const fx = cx - ix;
  const at = iy * width + ix;
  const upper = data[at]! * (1 - fx) + data[at + 1]! * fx;
  const lower = data[at + width]! * (1 - fx) + data[at + width + 1]! * fx;
  return upper + (lower - upper) * (cy - iy);
}
