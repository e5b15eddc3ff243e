"use strict";
// Draws the map on a canvas: only what is in sight, and less of it from far away.

const FONT = '"Noto Sans","Noto Sans CJK SC",system-ui,sans-serif';
const NAMES = ["paper", "ink", "soft", "line", "box", "edge", "head", "choice", "ending", "hidden", "storylet", "group", "group-edge", "error", "warning", "heat", "focus"];
const DASHES = { else: [8, 3], hidden: [2, 4], detour: [2, 4], storylet: [2, 4] };
const KIND = { group: "storylet" }; // groups of storylets have the colour of storylets
const READABLE = 0.34, NAMED = 0.2, STILL = 0.12; // least zoom for rows, for titles of beats, and without stills

class Drawing {
  constructor(canvas, map) {
    this.canvas = canvas;
    this.map = map;
    this.paint = canvas.getContext("2d", { alpha: false });
    this.signs = Object.fromEntries(Object.entries(map.story.signs).map(([name, path]) => [name, new Path2D(path)]));
    this.outlines = map.story.outlines.map((path) => new Path2D(path));
    this.inners = map.story.inners.map((path) => new Path2D(path));
    this.far = new Map();
    this.stills = new Map();
    this.recolour();
  }

  recolour() {
    this.stills.clear();
    const style = getComputedStyle(document.documentElement);
    this.colour = Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  }

  /** Draw with the map's point (x, y) at the upper left corner. `state` marks beats. */
  draw({ x, y, zoom }, width, height, ratio, state) {
    const { paint, map, colour } = this;
    paint.setTransform(ratio, 0, 0, ratio, 0, 0);
    paint.fillStyle = colour.paper;
    paint.fillRect(0, 0, width, height);
    paint.setTransform(ratio * zoom, 0, 0, ratio * zoom, -x * zoom * ratio, -y * zoom * ratio);
    const seen = { left: x, top: y, right: x + width / zoom, bottom: y + height / zoom };
    if (this.state?.heat !== state.heat) this.stills.clear();
    this.state = { ...state };
    this.zoom = zoom;
    paint.lineJoin = "round";
    map.links.forEach((link) => this.way(link.path, link.tip, link.back ? "back" : "", 1.6, colour.line));
    map.parts.forEach((part) => {
      if (part.x > seen.right || part.y > seen.bottom || part.x + part.width < seen.left || part.y + part.height < seen.top) return;
      paint.save();
      paint.translate(part.x, part.y);
      if (!part.isOpen) this.closed(part);
      else this.open(part, { left: seen.left - part.x, top: seen.top - part.y, right: seen.right - part.x, bottom: seen.bottom - part.y });
      paint.restore();
    });
  }

  text(words, x, y, size, colour, weight = 400, align = "left") {
    const { paint } = this;
    paint.font = `${weight} ${size}px ${FONT}`;
    paint.fillStyle = colour;
    paint.textAlign = align;
    paint.fillText(words, x, y);
  }

  frame(part) {
    const { paint, colour, state } = this;
    paint.beginPath();
    paint.roundRect(0, 0, part.width, part.height, 12);
    paint.fillStyle = colour.group;
    paint.fill();
    const isFocused = state.focus === part;
    paint.strokeStyle = isFocused ? colour.focus : colour["group-edge"];
    paint.lineWidth = isFocused ? Math.max(3, 3 / this.zoom) : 1;
    paint.stroke();
  }

  closed(part) {
    this.frame(part);
    const { colour, paint } = this;
    this.text(part.title, 16, 30, 16, colour.ink, 650);
    this.text(part.words, 16, 54, 12, colour.soft);
    this.text("+", part.width - 18, 54, 18, colour.soft, 650, "center");
    if (this.state.heat && part.heat !== undefined) {
      paint.fillStyle = colour.heat;
      paint.fillRect(0, part.height - 5, part.width * part.heat, 5);
    }
    this.badge(part.findings, part.width - 4, 2);
  }

  open(part, seen) {
    const { paint, colour, state, zoom } = this;
    if (part.title) this.frame(part);
    if (zoom < STILL) this.still(part);
    else if (zoom < NAMED) this.fromAfar(part);
    if (zoom < NAMED) {
      this.marks(part);
      return this.name(part);
    }
    if (part.title) {
      this.text(part.title, 20, 34, 16, colour.ink, 650);
      this.text("−", part.width - 24, 34, 20, colour.soft, 650, "center");
    }
    for (const way of part.ways) {
      const isLit = state.chosen && (way.from === state.chosen || way.to === state.chosen);
      const isNever = state.heat && way.never;
      this.way(way.path, way.tip, way.back ? "back" : way.how, isLit ? 3 : state.heat ? 1.5 + 3 * way.share : 1.5, isLit ? colour.focus : colour.line, isNever ? 0.35 : 1);
    }
    for (const port of part.ports) this.port(port, seen);
    for (const beat of part.beats) {
      if (beat.x > seen.right || beat.y > seen.bottom || beat.x + 190 < seen.left || beat.y + beat.height < seen.top) continue;
      this.beat(beat);
    }
  }

  /** The name of a chapter over its beats, large enough to be read. */
  name(part) {
    if (!part.title) return;
    const { paint, colour, zoom } = this;
    const size = Math.min(13 / zoom, part.height / 2, (1.5 * part.width) / part.title.length);
    paint.font = `650 ${size}px ${FONT}`;
    paint.strokeStyle = colour.group;
    paint.lineWidth = size / 3;
    paint.textAlign = "center";
    paint.strokeText(part.title, part.width / 2, part.height / 2 + size / 3);
    this.text(part.title, part.width / 2, part.height / 2 + size / 3, size, colour.ink, 650, "center");
  }

  /** A chapter as a picture that is drawn once. */
  still(part) {
    const { paint, zoom } = this;
    if (!this.stills.has(part)) {
      const canvas = new OffscreenCanvas(Math.ceil(part.width * STILL), Math.ceil(part.height * STILL));
      this.paint = canvas.getContext("2d");
      this.paint.scale(STILL, STILL);
      this.paint.lineJoin = "round";
      this.zoom = STILL;
      this.fromAfar(part);
      Object.assign(this, { paint, zoom });
      this.stills.set(part, canvas);
    }
    paint.drawImage(this.stills.get(part), 0, 0, part.width, part.height);
  }

  /** Marks on beats that are seen from afar: chosen, found, with findings. */
  marks(part) {
    const { state } = this;
    for (const beat of part.beats) {
      if (beat === state.focus || beat === state.chosen || state.found.has(beat)) this.ring(beat, beat.x, beat.y);
      if (beat.findings.length) this.badge(beat.findings, beat.x + 186, beat.y + 2);
    }
  }

  /** All beats and paths of a chapter as few long paths. */
  fromAfar(part) {
    const { paint, colour, state } = this;
    if (!this.far.has(part)) {
      const ways = new Path2D(), kinds = new Map();
      for (const way of part.ways) ways.addPath(way.path);
      for (const beat of part.beats) {
        const kind = beat.hidden ? "hidden" : colour[KIND[beat.shape] ?? beat.shape] ? (KIND[beat.shape] ?? beat.shape) : "box";
        if (!kinds.has(kind)) kinds.set(kind, new Path2D());
        kinds.get(kind).addPath(this.outlines[beat.outline], new DOMMatrix([1, 0, 0, 1, beat.x, beat.y]));
      }
      this.far.set(part, { ways, kinds });
    }
    const { ways, kinds } = this.far.get(part);
    paint.lineWidth = Math.max(1.5, 0.6 / this.zoom);
    paint.strokeStyle = colour.line;
    paint.stroke(ways);
    paint.strokeStyle = colour.edge;
    for (const [kind, path] of kinds) {
      paint.fillStyle = colour[kind];
      paint.fill(path);
      paint.stroke(path);
    }
    for (const beat of part.beats) {
      if (state.heat && beat.share) {
        paint.fillStyle = colour.heat;
        paint.globalAlpha = 0.25 + 0.75 * beat.share;
        paint.fillRect(beat.x, beat.y, 190, beat.height);
        paint.globalAlpha = 1;
      }
    }
  }

  way(path, tip, how, width, colour, alpha = 1) {
    const { paint } = this;
    paint.globalAlpha = alpha;
    paint.setLineDash(how === "back" ? [2, 3] : (DASHES[how] ?? []));
    paint.lineWidth = Math.max(width, 0.7 / this.zoom);
    paint.strokeStyle = colour;
    paint.stroke(path);
    paint.setLineDash([]);
    paint.fillStyle = colour;
    paint.fill(tip);
    paint.globalAlpha = 1;
  }

  port(port, seen) {
    if (port.x > seen.right || port.x + 150 < seen.left || port.y > seen.bottom || port.y + 24 < seen.top) return;
    const { paint, colour } = this;
    paint.beginPath();
    paint.roundRect(port.x, port.y, 150, 24, 12);
    paint.fillStyle = colour.head;
    paint.fill();
    paint.strokeStyle = colour["group-edge"];
    paint.lineWidth = 1;
    paint.stroke();
    if (this.zoom >= READABLE) this.text(port.text, port.x + 12, port.y + 16, 12, colour.ink);
  }

  ring(beat, x, y) {
    const { paint, colour, state } = this;
    paint.strokeStyle = colour.focus;
    paint.lineWidth = Math.max(beat === state.focus ? 4 : 2.5, 2 / this.zoom);
    paint.setLineDash(beat === state.chosen || beat === state.focus ? [] : [6, 4]);
    const out = 5;
    paint.beginPath();
    paint.roundRect(x - out, y - out, 190 + 2 * out, beat.height + 2 * out, 12);
    paint.stroke();
    paint.setLineDash([]);
  }

  beat(beat) {
    const { paint, colour, state, zoom } = this;
    paint.save();
    paint.translate(beat.x, beat.y);
    const outline = this.outlines[beat.outline];
    paint.fillStyle = beat.hidden ? colour.hidden : (colour[KIND[beat.shape] ?? beat.shape] ?? colour.box);
    paint.fill(outline);
    if (beat.height > 42) {
      paint.fillStyle = colour.box;
      paint.beginPath();
      paint.roundRect(0.7, 42, 188.6, beat.height - 42.7, [0, 0, 6, 6]);
      paint.fill();
    }
    if (state.heat && beat.share !== undefined) {
      paint.fillStyle = colour.heat;
      paint.fillRect(0, -6, 190 * beat.share, 3);
      if (zoom >= READABLE) this.text(beat.played, 190, -10, 11, colour.heat, 650, "right");
    }
    paint.strokeStyle = beat.start ? colour.ink : colour.edge;
    paint.lineWidth = beat.start ? 2.6 : 1.3;
    paint.setLineDash(beat.hidden ? [5, 3] : []);
    paint.stroke(outline);
    paint.setLineDash([]);
    paint.strokeStyle = colour.edge;
    paint.lineWidth = 1;
    paint.stroke(this.inners[beat.inner]);
    if (beat.start) this.sign("play", 0, 21, colour.ink);
    const isEnding = beat.shape === "ending", x = isEnding ? 95 : 14, align = isEnding ? "center" : "left";
    this.text(beat.title, x, 19, 13.5, colour.ink, 620, align);
    if (zoom >= READABLE) {
      this.text(beat.short, x, 34, 11, colour.soft, 400, align);
      this.rows(beat);
    }
    paint.restore();
    if (beat === state.focus || beat === state.chosen || state.found.has(beat)) this.ring(beat, beat.x, beat.y);
    this.badge(beat.findings, beat.x + 186, beat.y + 2);
  }

  rows(beat) {
    const { colour } = this;
    let last = 42;
    for (const row of beat.rows) {
      if (!row.shown) continue;
      last = row.y + 10.5;
      this.text(row.label, 14, row.y + 4, 12, colour.ink);
      this.sign(row.sign, 190, row.y, row.sign === "dot" ? colour.ink : colour.box, row.sign === "dot" ? "" : colour.ink);
    }
    if (beat.more) this.text(`and ${beat.more + 1} more`, 14, last + 14, 11, colour.soft);
    if (beat.seconds) {
      this.sign("clock", 143, 14, "", colour.edge);
      this.text(`${beat.seconds} s`, 151, 18, 11, colour.soft);
    }
  }

  sign(name, x, y, fill, stroke = "") {
    const { paint } = this;
    paint.save();
    paint.translate(x, y);
    if (fill) {
      paint.fillStyle = fill;
      paint.fill(this.signs[name]);
    }
    if (stroke) {
      paint.strokeStyle = stroke;
      paint.lineWidth = 1.3;
      paint.stroke(this.signs[name]);
    }
    paint.restore();
  }

  /** A triangle if there is an error, else a circle; with the number of findings. */
  badge(findings, x, y) {
    if (!findings.length) return;
    const kind = findings.some(({ severity }) => severity === "error") ? "error" : "warning";
    this.sign(kind, x, y, this.colour[kind]);
    this.text(String(findings.length), x, y + (kind === "error" ? 6 : 3.6), 10, this.colour.paper, 700, "center");
  }
}
