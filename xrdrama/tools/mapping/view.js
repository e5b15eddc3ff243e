"use strict";
// What is in sight: zoom and pan by mouse, touch and keyboard, and the small map.

const LEAST = 0.03, MOST = 2.5;

class View {
  constructor(root, paper, small, map, changed) {
    Object.assign(this, { root, paper, small, map, changed, x: 0, y: 0, zoom: 1, frames: 0 });
    this.fingers = new Map();
    this.moved = 0;
    new ResizeObserver(() => this.resize()).observe(root);
    root.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    root.addEventListener("pointerdown", (event) => this.down(event));
    root.addEventListener("pointermove", (event) => this.move(event));
    for (const kind of ["pointerup", "pointercancel"]) root.addEventListener(kind, (event) => this.fingers.delete(event.pointerId));
    small.addEventListener("pointerdown", (event) => this.jump(event));
    small.addEventListener("pointermove", (event) => event.buttons && this.jump(event));
    this.resize();
  }

  resize() {
    if (this.isPrinting) return; // the paper has the size of the whole map
    this.ratio = window.devicePixelRatio || 1;
    this.width = this.root.clientWidth;
    this.height = this.root.clientHeight;
    this.paper.width = Math.max(1, Math.round(this.width * this.ratio));
    this.paper.height = Math.max(1, Math.round(this.height * this.ratio));
    this.small.width = this.small.clientWidth * this.ratio;
    this.small.height = this.small.clientHeight * this.ratio;
    this.redraw();
  }

  /** Draw before the next frame; many calls draw once. */
  redraw() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      if (this.isPrinting) return;
      this.frames += 1;
      this.changed();
    });
  }

  /** The map's point under a point of the page. */
  point({ clientX, clientY }) {
    const { left, top } = this.root.getBoundingClientRect();
    return [this.x + (clientX - left) / this.zoom, this.y + (clientY - top) / this.zoom];
  }

  wheel(event) {
    event.preventDefault();
    if (event.shiftKey) return this.pan(event.deltaX || event.deltaY, 0);
    const pixels = event.deltaMode ? event.deltaY * 30 : event.deltaY;
    this.scale(Math.exp(-Math.max(-300, Math.min(300, pixels)) * (event.ctrlKey ? 0.01 : 0.0015)), this.point(event));
  }

  down(event) {
    if (event.target === this.small) return;
    this.fingers.set(event.pointerId, event);
    if (this.fingers.size === 1) this.moved = 0;
    this.root.setPointerCapture(event.pointerId);
  }

  move(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const others = [...this.fingers.values()].filter((one) => one.pointerId !== event.pointerId);
    this.moved += Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY);
    if (others.length) {
      const [other] = others, far = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      const middle = { clientX: (event.clientX + other.clientX) / 2, clientY: (event.clientY + other.clientY) / 2 };
      this.scale(far(event) / Math.max(1, far(before)), this.point(middle));
    }
    const share = 1 / (others.length + 1);
    this.pan((before.clientX - event.clientX) * share, (before.clientY - event.clientY) * share);
    this.fingers.set(event.pointerId, event);
  }

  pan(right, down) {
    this.x += right / this.zoom;
    this.y += down / this.zoom;
    this.keep();
  }

  scale(factor, [x, y] = [this.x + this.width / 2 / this.zoom, this.y + this.height / 2 / this.zoom]) {
    const zoom = Math.max(LEAST, Math.min(MOST, this.zoom * factor)), by = this.zoom / zoom;
    this.x = x - (x - this.x) * by;
    this.y = y - (y - this.y) * by;
    this.zoom = zoom;
    this.keep();
  }

  /** Keep some of the map in sight. */
  keep() {
    const { map, width, height, zoom } = this, edge = 120 / zoom;
    this.x = Math.max(edge - width / zoom, Math.min(map.width - edge, this.x));
    this.y = Math.max(edge - height / zoom, Math.min(map.height - edge, this.y));
    this.redraw();
  }

  /** Show the whole map, but not smaller than can be read at the start, if `readable`. */
  fit(readable = false) {
    const { map, width, height } = this, border = 40;
    let zoom = Math.min(1.1, (width - 2 * border) / map.width, (height - 2 * border) / map.height);
    const whole = zoom;
    if (readable) zoom = Math.max(zoom, 0.5);
    this.zoom = Math.max(LEAST, zoom);
    this.x = whole < zoom ? -border / zoom : map.width / 2 - width / 2 / this.zoom;
    this.y = map.height / 2 - height / 2 / this.zoom;
    if (whole < zoom) {
      const start = map.rectangle(map.beats.find((beat) => beat.start) ?? map.beats[0]);
      this.x = start.x - 70 / zoom;
      this.y = height / zoom > map.height ? this.y : Math.max(-border / zoom, start.y - height / 3 / zoom);
    }
    this.redraw();
  }

  /** Bring a rectangle into sight, if it is not. */
  reveal({ x, y, width, height }, readable = false) {
    if (readable && this.zoom < 0.55) this.zoom = 0.8;
    const border = 60 / this.zoom, wide = this.width / this.zoom, high = this.height / this.zoom;
    if (x < this.x + border || x + width > this.x + wide - border) this.x = x + Math.min(width, wide) / 2 - wide / 2;
    if (y < this.y + border || y + height > this.y + high - border) this.y = y + Math.min(height, high) / 2 - high / 2;
    this.keep();
  }

  get smallScale() {
    return Math.min((this.small.clientWidth - 16) / this.map.width, (this.small.clientHeight - 16) / this.map.height);
  }

  /** Left and top of the map on the small map, which shows it in its middle. */
  get smallAt() {
    const { small, map, smallScale: scale } = this;
    return [(small.clientWidth - map.width * scale) / 2, (small.clientHeight - map.height * scale) / 2];
  }

  jump(event) {
    const box = this.small.getBoundingClientRect(), scale = this.smallScale, [left, top] = this.smallAt;
    this.x = (event.clientX - box.left - left) / scale - this.width / this.zoom / 2;
    this.y = (event.clientY - box.top - top) / scale - this.height / this.zoom / 2;
    this.keep();
  }

  /** The small map: chapters and beats, drawn once, and a frame around what is in sight. */
  drawSmall(colour, state) {
    const { map, ratio } = this, isWhole = this.x <= 0 && this.y <= 0 && this.x + this.width / this.zoom >= map.width && this.y + this.height / this.zoom >= map.height;
    this.small.style.visibility = isWhole ? "hidden" : "visible";
    if (isWhole) return;
    const paint = this.small.getContext("2d"), scale = this.smallScale * ratio, [left, top] = this.smallAt.map((n) => n * ratio);
    const key = `${map.width} ${map.height} ${this.small.width} ${colour.paper} ${state.heat}`;
    if (this.key !== key) {
      this.key = key;
      this.still = new OffscreenCanvas(Math.max(1, this.small.width), Math.max(1, this.small.height));
      const still = this.still.getContext("2d");
      still.scale(scale, scale);
      const least = 2.5 / scale;
      for (const part of map.parts) {
        still.fillStyle = part.title ? colour.group : colour.paper;
        still.strokeStyle = colour["group-edge"];
        still.lineWidth = 1 / scale;
        still.fillRect(part.x, part.y, part.width, part.height);
        if (part.title) still.strokeRect(part.x, part.y, part.width, part.height);
        for (const beat of part.isOpen ? part.beats : []) {
          still.fillStyle = state.heat && beat.share ? colour.heat : beat.shape === "ending" ? colour.ink : colour.line;
          still.globalAlpha = state.heat && beat.share ? 0.3 + 0.7 * beat.share : 1;
          still.fillRect(part.x + beat.x, part.y + beat.y, Math.max(least, 190), Math.max(least, beat.height));
          still.globalAlpha = 1;
        }
      }
    }
    paint.clearRect(0, 0, this.small.width, this.small.height);
    paint.drawImage(this.still, left, top);
    paint.strokeStyle = colour.focus;
    paint.lineWidth = 2 * ratio;
    paint.strokeRect(left + this.x * scale, top + this.y * scale, (this.width / this.zoom) * scale, (this.height / this.zoom) * scale);
  }
}
