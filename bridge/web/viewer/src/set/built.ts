// One compiled set on the graphics card. A port of xrdrama/adapters/panda/set/virtual_set.py.

import * as three from "three";
import { Company } from "./figures/company";
import type { FigureFile } from "./figures/file";
import type { Posed } from "./figures/posed";
import { Surroundings } from "./figures/surroundings";
import { type FileNode, type Model, type Primitive, readGlb } from "./glb";
import { Levels } from "./levels";
import { type FrameLight, Lighting, type Uniform } from "./lighting";
import { Behaviour, isGlass, Materials, type Needs, type Quality } from "./materials";
import { Moving } from "./moving";
import { bothSides, cycles, isUneven, type Progress, read } from "./pieces";
import { KeyShadow } from "./shadows";
import { type Part, type Particles, readSheet, type Sheet } from "./sheet";
import { reflectionMap, Textures } from "./textures";

const CARDS = new Set(["halo", "streak", "mist", "shade", "shaft"]);
const REACH_SAMPLES = 12;
/** What a browser throws for content that is not a set's. */
const DAMAGED = [TypeError, RangeError, SyntaxError, DOMException];
const SPREAD = 0.3; // metres around joints, about the limbs of a figure

// The set's frame in three's: the same turn as FROM_SET of the shaders.
const FROM_SET = new three.Matrix4().set(1, 0, 0, 0, 0, 0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1);

export class BuiltSet {
  /** All of it, in three's frame. */
  readonly group = new three.Group();
  readonly lighting: Lighting;
  readonly leftOut: string[] = [];
  readonly develops: Uniform;
  private readonly moving: Moving;
  private readonly shadow = new KeyShadow();
  private readonly behaviours = new Map<string, Behaviour>();
  private readonly particles: [Particles, Float32Array][] = [];
  private readonly parts: [Part, three.Object3D, three.Matrix4][] = [];
  private readonly followers: [number, three.Object3D][] = [];
  private readonly box = new three.Box3();
  private readonly materials: Materials;
  private readonly geometries: three.BufferGeometry[] = [];
  private castsMove = false;
  private company: Company | null = null;
  private wasRefused = new Set<string>();

  private constructor(
    readonly sheet: Sheet,
    private readonly model: Model,
    private readonly textures: Textures,
    private readonly maps: three.Texture[],
    readonly quality: Quality,
  ) {
    this.lighting = new Lighting(sheet);
    this.moving = new Moving(sheet, model);
    this.develops = { value: new Float32Array([1, 0, 0, 0]) };
    const shared: Record<string, Uniform> = {
      ...this.lighting.uniforms,
      develops: this.develops,
      shadow_clip: { value: this.shadow.clip },
      shadow_map: { value: this.shadow.texture },
      reflections_before: { value: maps[0] },
      reflections_after: { value: maps[1] },
      noise_field: { value: textures.of(sheet.noise, false) },
    };
    this.materials = new Materials(sheet, model, textures, shared, quality);
    this.group.matrixAutoUpdate = false;
    this.group.matrix.copy(FROM_SET);
    model.nodes.forEach((node, index) => this.add(node, index));
    this.sky();
    this.reach();
    for (const { plate } of sheet.plates)
      this.leftOut.push(`the plate ${plate.id} (${plate.kind}): its video is not sent to browsers`);
    this.update({}, [], 0);
  }

  /** Read, decode and build the set in a folder of the server. */
  static async load(url: string, quality: Quality, progress?: Progress): Promise<BuiltSet> {
    const folder = url.replace(/\/?$/, "/");
    const text = new TextDecoder().decode(await read(`${folder}scene.json`));
    const bytes = await read(`${folder}set.glb`, progress);
    try {
      return await BuiltSet.of(readSheet(JSON.parse(text)), readGlb(bytes), quality);
    } catch (error) {
      if (!DAMAGED.some((kind) => error instanceof kind)) throw error;
      throw new Error(`the files of the set are damaged (${String(error)}): compile the set again`);
    }
  }

  private static async of(sheet: Sheet, model: Model, quality: Quality): Promise<BuiltSet> {
    const used = new Set([sheet.noise]);
    for (const material of model.materials)
      for (const laid of Object.values(material.pictures)) used.add(laid.image);
    const { before, after } = sheet.reflections;
    const [textures, ...maps] = await Promise.all([
      Textures.of(model, used),
      reflectionMap(model, before, sheet.reflections),
      reflectionMap(model, after, sheet.reflections),
    ]);
    return new BuiltSet(sheet, model, textures, maps, quality);
  }

  /** The same set in another quality; the files are not read again. */
  as(quality: Quality): Promise<BuiltSet> {
    return BuiltSet.of(this.sheet, this.model, quality);
  }

  /** Bring the set into the state of one moment, whatever it was before. */
  update(params: Record<string, number | string>, lights: readonly FrameLight[], seconds: number): void {
    const levels = new Levels(this.sheet, params);
    for (const name of levels.refused)
      if (!this.wasRefused.has(name)) {
        this.wasRefused.add(name);
        console.warn(`the param ${name} of ${this.sheet.id} is ignored: no such param, or no such value`);
      }
    for (const behaviour of this.behaviours.values()) behaviour.update(levels);
    const turn = this.sheet.environment.sky.turned_by;
    for (const [particles, row] of this.particles) {
      let amount = levels.of(particles.amount_by);
      if (particles.kind === "star" && turn) amount *= (1 - levels.of(turn)) ** 2;
      row.set([particles.size, cycles(particles, this.sheet.loop), amount, 0]);
    }
    this.moving.update(levels, seconds);
    for (const [node, object] of this.followers) object.matrix.copy(this.moving.matrices[node]!);
    for (const [part, object, rest] of this.parts)
      object.matrix.copy(this.moved(part, levels, rest));
    this.group.updateMatrixWorld(true);
    this.lighting.update(levels, lights, seconds);
  }

  /** Show performers whose figures are here; after `update`. */
  perform(performers: readonly Posed[], files: (hash: string) => FigureFile | null): void {
    if (!performers.length && !this.company) return;
    this.company ??= this.gather();
    this.company.update(performers, files, this.lighting);
    this.group.updateMatrixWorld(true);
  }

  private gather(): Company {
    const dissolving = Object.values(this.sheet.materials).filter((one) => one.fade_by).map((one) => one.id);
    const made = new Company(this.materials, new Surroundings(this.model, this.moving, new Set(dissolving)));
    this.group.add(made.group);
    this.shadow.casters.add(made.casters);
    return made;
  }

  /** Draw the shadow map, if it is not as it was. */
  drawShadow(renderer: three.WebGLRenderer, seconds: number): void {
    if (this.quality === "draft") return;
    const fades = [...this.behaviours.values()].filter((b) => b.fadeBy).map((b) => Math.round(16 * b.row[1]!));
    const turns = this.parts.map(([, object]) => object.matrix.elements.map((e) => e.toFixed(3)).join());
    const moved = this.castsMove && this.moving.clips ? seconds.toFixed(3) : "";
    const state = [fades.join(), turns.join(), moved, this.company?.moves ?? 0].join(" ");
    this.shadow.update(renderer, this.lighting.key, this.company?.around(this.box) ?? this.box, state);
  }

  dispose(): void {
    this.company?.dispose();
    this.materials.dispose();
    this.textures.dispose();
    this.shadow.dispose();
    for (const one of [...this.geometries, ...this.maps]) one.dispose();
    this.group.removeFromParent();
  }

  private add(node: FileNode, index: number): void {
    if (node.mesh === undefined) return;
    const pieces = this.model.meshes[node.mesh]!;
    const name = node.name ?? "";
    const drifting = this.sheet.particles[name.replace(/^particles /, "")];
    if (name.startsWith("particles ") && drifting) return this.addParticles(drifting, pieces[0]!);
    const above = new three.Group();
    above.name = name;
    above.matrixAutoUpdate = false;
    this.group.add(above);
    if (node.skin === undefined) above.matrix.copy(this.moving.matrices[index]!);
    const moves = node.skin === undefined && this.moving.moves(index);
    const part = this.sheet.parts[name];
    if (part && (part.turn_by || part.travel_by || part.turns_with_way))
      this.parts.push([part, above, above.matrix.clone()]);
    if (moves) this.followers.push([index, above]);
    for (const piece of pieces) this.addPiece(above, node, index, piece, part);
  }

  private addPiece(
    above: three.Object3D, node: FileNode, index: number, primitive: Primitive, part: Part | undefined,
  ): void {
    const material = this.model.materials[primitive.material];
    if (!material) return;
    const finish = this.materials.finishOf(material);
    const glass = isGlass(material, finish);
    const fadeBy = part?.fade_by || finish.fade_by;
    const key = `${primitive.material} ${fadeBy}`;
    const behaviour = this.behaviours.get(key) ?? new Behaviour(finish, fadeBy);
    this.behaviours.set(key, behaviour);
    const along = part?.along ?? false;
    const needs: Needs = {
      along, uneven: isUneven(above.matrix) || this.moving.isUneven(index),
      ...(node.skin === undefined ? {} : { joints: this.moving.rowsOf(node.skin) }),
    };
    const geometry = this.geometry(glass && material.doubleSided ? bothSides(primitive) : primitive);
    const [made, order] = this.materials.dress(primitive.material, behaviour, needs);
    const mesh = new three.Mesh(geometry, made);
    mesh.renderOrder = order;
    mesh.matrixAutoUpdate = false;
    const wanders = CARDS.has(finish.kind) || along || "motion" in primitive.columns || needs.joints;
    mesh.frustumCulled = !wanders;
    above.add(mesh);
    const clear = glass && !material.pictures.base && material.base[3]! < 0.5;
    if (finish.kind !== "surface" || !finish.casts || clear || part?.travel_by) return;
    const caster = new three.Mesh(geometry, this.materials.shadow(primitive.material, behaviour, needs));
    caster.frustumCulled = false;
    caster.matrixAutoUpdate = false;
    caster.matrixWorld = mesh.matrixWorld; // where the piece itself is
    this.shadow.casters.add(caster);
    this.castsMove ||= this.moving.moves(index) || node.skin !== undefined;
    if (node.skin === undefined) {
      geometry.computeBoundingBox();
      this.box.union(geometry.boundingBox!.clone().applyMatrix4(above.matrix));
    }
  }

  private addParticles(particles: Particles, primitive: Primitive): void {
    const row = new Float32Array(4);
    const [least, most] = [particles.least, particles.most];
    const [made, order] = this.materials.particles(particles.kind, {
      particle: { value: row },
      box_least: { value: new Float32Array([...least, 0]) },
      box_size: { value: new Float32Array([...most.map((value, i) => value - least[i]!), 0]) },
      emission: { value: new Float32Array([...particles.colour, 0]) },
    });
    const mesh = new three.Mesh(this.geometry(primitive), made);
    mesh.frustumCulled = false;
    mesh.renderOrder = order;
    this.group.add(mesh);
    this.particles.push([particles, row]);
  }

  private sky(): void {
    const geometry = new three.BoxGeometry(2, 2, 2);
    this.geometries.push(geometry);
    const [made, order] = this.materials.sky();
    const mesh = new three.Mesh(geometry, made);
    mesh.frustumCulled = false;
    mesh.renderOrder = order;
    this.group.add(mesh);
  }

  private geometry(primitive: Primitive): three.BufferGeometry {
    const made = new three.BufferGeometry();
    for (const [name, { data, width, normalized }] of Object.entries(primitive.columns))
      made.setAttribute(name, new three.BufferAttribute(data, width, normalized));
    made.setIndex(new three.BufferAttribute(primitive.triangles, 1));
    this.geometries.push(made);
    return made;
  }

  /** The box that all casters stay in, also those that clips move. */
  private reach(): void {
    if (!this.castsMove) return;
    const joints = this.model.skins.flatMap((skin) => skin.joints);
    for (const _ of this.moving.samples(REACH_SAMPLES)) {
      for (const [node, object] of this.followers)
        for (const child of object.children) {
          const { geometry } = child as three.Mesh;
          geometry.computeBoundingBox();
          this.box.union(geometry.boundingBox!.clone().applyMatrix4(this.moving.matrices[node]!));
        }
      for (const joint of joints) {
        const at = new three.Vector3().setFromMatrixPosition(this.moving.matrices[joint]!);
        this.box.union(new three.Box3(at.clone().subScalar(SPREAD), at.addScalar(SPREAD)));
      }
    }
  }

  /** The matrix of a part: rotated about its own axis, travelled, and turned with the way. */
  private moved(part: Part, levels: Levels, rest: three.Matrix4): three.Matrix4 {
    const degrees = part.turn_by ? part.degrees * levels.of(part.turn_by) : 0;
    let found = rest.clone().multiply(new three.Matrix4().makeRotationZ((degrees * Math.PI) / 180));
    if (part.travel_by) {
      let share = levels.of(part.travel_by);
      if (part.loop) share = ((share % part.loop) + part.loop) % part.loop;
      const [x, y, z] = part.travel;
      found = new three.Matrix4().makeTranslation(x * share, y * share, z * share).multiply(found);
    }
    const way = this.sheet.environment.way;
    if (part.turns_with_way && way) {
      const driven = way.moved_by ? levels.of(way.moved_by) : 0;
      const heading = -way.bend * Math.cos((2 * Math.PI * driven) / way.length);
      found = new three.Matrix4().makeRotationZ((heading * Math.PI) / 180).multiply(found);
    }
    return found;
  }
}
