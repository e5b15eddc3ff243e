// Reads set.glb and figures as xrdrama/gltf/writer.py writes it: one buffer, no compression, nothing external.
// Directions and positions come out in the set's frame (Z up); v of texture coordinates runs up.

interface Accessor {
  /** Absent where all rows are 0 but the sparse ones. */
  bufferView?: number;
  componentType: number;
  count: number;
  type: string;
  normalized?: boolean;
  sparse?: { count: number; indices: { bufferView: number }; values: { bufferView: number } };
}

interface FileMesh {
  primitives: {
    attributes: Record<string, number>;
    indices: number;
    material?: number;
    targets?: { POSITION: number; NORMAL: number }[];
  }[];
  extras?: { targetNames?: string[] };
}

interface TextureUse {
  index: number;
  texCoord?: number;
  scale?: number;
  strength?: number;
}

interface FileMaterial {
  name?: string;
  pbrMetallicRoughness?: {
    baseColorFactor?: number[];
    metallicFactor?: number;
    roughnessFactor?: number;
    baseColorTexture?: TextureUse;
    metallicRoughnessTexture?: TextureUse;
  };
  normalTexture?: TextureUse;
  occlusionTexture?: TextureUse;
  emissiveTexture?: TextureUse;
  emissiveFactor?: number[];
  alphaMode?: "OPAQUE" | "MASK" | "BLEND";
  alphaCutoff?: number;
  doubleSided?: boolean;
  extensions?: Record<string, { emissiveStrength?: number }>;
}

export interface FileNode {
  name?: string;
  mesh?: number;
  skin?: number;
  matrix?: number[];
  translation?: number[];
  rotation?: number[];
  scale?: number[];
  children?: number[];
}

interface File {
  nodes?: FileNode[];
  scenes?: { nodes?: number[] }[];
  meshes?: FileMesh[];
  accessors?: Accessor[];
  bufferViews?: { byteOffset?: number; byteLength: number }[];
  materials?: FileMaterial[];
  images?: { mimeType: string; bufferView: number }[];
  textures?: { source: number; sampler?: number }[];
  samplers?: { wrapS?: number; wrapT?: number; magFilter?: number; minFilter?: number }[];
  skins?: { joints: number[]; inverseBindMatrices: number }[];
  animations?: {
    name: string;
    samplers: { input: number; output: number; interpolation: "STEP" | "LINEAR" | "CUBICSPLINE" }[];
    channels: { sampler: number; target: { node: number; path: "translation" | "rotation" | "scale" } }[];
  }[];
}

export type Slot = "base" | "normal" | "rough" | "emissive" | "occlusion";

/** An image on a surface: which, by which coordinates, and glTF's numbers of wrapping and filters. */
export interface Laid {
  image: number;
  texcoord: number;
  wrapS: number;
  wrapT: number;
  magFilter: number;
  minFilter: number;
}

export interface Material {
  name: string;
  base: number[];
  metallic: number;
  roughness: number;
  emissive: number[];
  normalScale: number;
  occlusionStrength: number;
  alpha: "OPAQUE" | "MASK" | "BLEND";
  cutoff: number;
  doubleSided: boolean;
  unlit: boolean;
  pictures: Partial<Record<Slot, Laid>>;
}

export type Numbers = Float32Array | Uint8Array | Uint16Array | Uint32Array;

export interface Column {
  data: Numbers;
  width: number;
  normalized: boolean;
}

export interface Primitive {
  material: number;
  columns: Record<string, Column>;
  triangles: Uint16Array | Uint32Array;
  morphs?: Morphs;
}

/** Shapes of a face: by name, how each moves places and normals, three numbers a vertex. */
export interface Morphs {
  names: string[];
  places: Float32Array[];
  normals: Float32Array[];
}

export interface Clip {
  name: string;
  duration: number;
  channels: {
    node: number;
    path: "translation" | "rotation" | "scale";
    interpolation: "STEP" | "LINEAR" | "CUBICSPLINE";
    times: Float32Array;
    values: Float32Array;
  }[];
}

export interface Model {
  nodes: FileNode[];
  roots: number[];
  meshes: Primitive[][];
  materials: Material[];
  images: { mime: string; bytes: Uint8Array<ArrayBuffer> }[];
  skins: { joints: number[]; binds: Float32Array }[];
  clips: Clip[];
}

const WIDTHS: Record<string, number> = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT4: 16 };
const COLUMNS: Record<string, string> = {
  POSITION: "position", NORMAL: "normal", COLOR_0: "colour", _BAKE: "bake", TEXCOORD_0: "texcoord",
  TEXCOORD_1: "texcoord1", TEXCOORD_2: "texcoord2", TEXCOORD_3: "texcoord3",
  TEXCOORD_4: "texcoord4", TANGENT: "tangent", _MOTION: "motion", _SIZE: "size", _SEED: "seed",
  JOINTS_0: "joints", WEIGHTS_0: "weights",
};
const DIRECTED = new Set(["POSITION", "NORMAL", "TANGENT", "_MOTION"]);
const JSON_CHUNK = 0x4e4f534a;

/** The model in the bytes of set.glb; an Error that says what is wrong with it. */
export function readGlb(bytes: ArrayBuffer): Model {
  const view = new DataView(bytes);
  if (bytes.byteLength < 20 || view.getUint32(0, true) !== 0x46546c67)
    throw new Error("set.glb is not a GLB file");
  const total = view.getUint32(8, true);
  if (total > bytes.byteLength)
    throw new Error(`set.glb is cut short: ${bytes.byteLength} of ${total} bytes`);
  const size = view.getUint32(12, true);
  if (view.getUint32(16, true) !== JSON_CHUNK || 20 + size > total)
    throw new Error("set.glb has no JSON part");
  const file = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 20, size))) as File;
  return new Reader(file, bytes, 28 + size).model();
}

class Reader {
  constructor(
    private readonly file: File,
    private readonly bytes: ArrayBuffer,
    private readonly start: number,
  ) {}

  model(): Model {
    const { file } = this;
    return {
      nodes: file.nodes ?? [],
      roots: file.scenes?.[0]?.nodes ?? [],
      meshes: (file.meshes ?? []).map((mesh) =>
        mesh.primitives.map((one) => ({
          material: one.material ?? -1,
          columns: this.columns(one.attributes),
          triangles: this.numbers(one.indices).data as Uint16Array | Uint32Array,
          ...(one.targets && { morphs: this.morphs(one.targets, mesh.extras?.targetNames ?? []) }),
        })),
      ),
      materials: (file.materials ?? []).map((one, i) => this.material(one, i)),
      images: (file.images ?? []).map((one) => ({
        mime: one.mimeType, bytes: this.view(one.bufferView),
      })),
      skins: (file.skins ?? []).map((skin) => ({
        joints: skin.joints,
        binds: this.numbers(skin.inverseBindMatrices).data as Float32Array,
      })),
      clips: (file.animations ?? []).map((one) => this.clip(one)),
    };
  }

  private view(index: number): Uint8Array<ArrayBuffer> {
    const view = this.file.bufferViews?.[index];
    if (!view) throw new Error(`set.glb has no buffer view ${index}`);
    const at = this.start + (view.byteOffset ?? 0);
    if (at + view.byteLength > this.bytes.byteLength)
      throw new Error(`buffer view ${index} of set.glb is longer than the file`);
    return new Uint8Array(this.bytes, at, view.byteLength);
  }

  private morphs(targets: { POSITION: number; NORMAL: number }[], names: string[]): Morphs {
    const rows = (index: number): Float32Array => turned(this.numbers(index).data as Float32Array, 3);
    return {
      names,
      places: targets.map((one) => rows(one.POSITION)),
      normals: targets.map((one) => rows(one.NORMAL)),
    };
  }

  /** Rows of which only some are not 0. */
  private sparse(accessor: Accessor, width: number): Column {
    const { count, indices, values } = accessor.sparse!;
    const [at, given] = [this.view(indices.bufferView), this.view(values.bufferView)];
    if (accessor.componentType !== 5126 || 4 * count > at.byteLength || 4 * width * count > given.byteLength)
      throw new Error("a sparse accessor is invalid");
    const rows = new Uint32Array(at.buffer, at.byteOffset, count);
    const offsets = new Float32Array(given.buffer, given.byteOffset, width * count);
    const data = new Float32Array(accessor.count * width);
    rows.forEach((row, i) => {
      if (row >= accessor.count) throw new Error("a sparse accessor has a row too far");
      data.set(offsets.subarray(width * i, width * (i + 1)), width * row);
    });
    return { data, width, normalized: false };
  }

  private numbers(index: number): Column {
    const accessor = this.file.accessors?.[index];
    const width = accessor && WIDTHS[accessor.type];
    if (!accessor || !width) throw new Error(`set.glb has no accessor ${index}`);
    if (accessor.sparse) return this.sparse(accessor, width);
    if (accessor.bufferView === undefined) throw new Error(`accessor ${index} of set.glb has no rows`);
    const { buffer, byteOffset, byteLength } = this.view(accessor.bufferView);
    const kinds = { 5126: Float32Array, 5121: Uint8Array, 5123: Uint16Array, 5125: Uint32Array };
    const Kind = kinds[accessor.componentType as keyof typeof kinds];
    const count = accessor.count * width;
    if (!Kind || count * Kind.BYTES_PER_ELEMENT > byteLength)
      throw new Error(`accessor ${index} of set.glb is invalid`);
    const data = new Kind(buffer, byteOffset, count);
    return { data, width, normalized: accessor.normalized ?? false };
  }

  private columns(attributes: Record<string, number>): Record<string, Column> {
    const found: Record<string, Column> = {};
    for (const [name, index] of Object.entries(attributes)) {
      const column = COLUMNS[name];
      if (!column) continue;
      const stored = this.numbers(index);
      const { data, width } = stored;
      if (DIRECTED.has(name)) found[column] = { ...stored, data: turned(data as Float32Array, width) };
      else if (name.startsWith("TEXCOORD_"))
        found[column] = { ...stored, data: data.map((v, i) => (i % 2 ? 1 - v : v)) as Float32Array };
      else found[column] = stored;
    }
    if (!found["position"]) throw new Error("a mesh of set.glb has no POSITION");
    return found;
  }

  private material(one: FileMaterial, index: number): Material {
    const metal = one.pbrMetallicRoughness ?? {};
    const strength = one.extensions?.["KHR_materials_emissive_strength"]?.emissiveStrength ?? 1;
    const uses: [Slot, TextureUse | undefined][] = [
      ["base", metal.baseColorTexture], ["normal", one.normalTexture],
      ["rough", metal.metallicRoughnessTexture], ["emissive", one.emissiveTexture],
      ["occlusion", one.occlusionTexture],
    ];
    const pictures: Partial<Record<Slot, Laid>> = {};
    for (const [slot, use] of uses) if (use) pictures[slot] = this.laid(use);
    return {
      name: one.name ?? `material ${index}`,
      base: metal.baseColorFactor ?? [1, 1, 1, 1],
      metallic: metal.metallicFactor ?? 1,
      roughness: metal.roughnessFactor ?? 1,
      emissive: (one.emissiveFactor ?? [0, 0, 0]).map((value) => value * strength),
      normalScale: one.normalTexture?.scale ?? 1,
      occlusionStrength: one.occlusionTexture?.strength ?? 1,
      alpha: one.alphaMode ?? "OPAQUE",
      cutoff: one.alphaCutoff ?? 0.5,
      doubleSided: one.doubleSided ?? false,
      unlit: "KHR_materials_unlit" in (one.extensions ?? {}),
      pictures,
    };
  }

  private laid(use: TextureUse): Laid {
    const texture = this.file.textures?.[use.index];
    if (!texture) throw new Error(`set.glb has no texture ${use.index}`);
    const sampler = texture.sampler === undefined ? {} : (this.file.samplers?.[texture.sampler] ?? {});
    return {
      image: texture.source,
      texcoord: use.texCoord ?? 0,
      wrapS: sampler.wrapS ?? 10497,
      wrapT: sampler.wrapT ?? 10497,
      magFilter: sampler.magFilter ?? 9729,
      minFilter: sampler.minFilter ?? 9987,
    };
  }

  private clip(one: NonNullable<File["animations"]>[number]): Clip {
    const channels = one.channels.map(({ sampler, target }) => {
      const { input, output, interpolation } = one.samplers[sampler]!;
      return {
        node: target.node,
        path: target.path,
        interpolation,
        times: this.numbers(input).data as Float32Array,
        values: this.numbers(output).data as Float32Array,
      };
    });
    const duration = Math.max(0, ...channels.map(({ times }) => times[times.length - 1] ?? 0));
    return { name: one.name, duration, channels };
  }
}

/** Rows (x, y, z, ...) of glTF's frame as (x, -z, y, ...) of the set's. */
function turned(rows: Float32Array, width: number): Float32Array {
  const found = rows.slice();
  for (let i = 0; i < rows.length; i += width) {
    found[i + 1] = -rows[i + 2]!;
    found[i + 2] = rows[i + 1]!;
  }
  return found;
}
