"use strict";
// The story of the page as objects: beats, chapters with their positions, links between chapters.

class StoryMap {
  constructor(story) {
    this.story = story;
    const most = Math.max(1, story.plays);
    this.beats = story.beats.map((beat) => ({
      ...beat,
      share: story.plays && beat.shape !== "group" ? Math.min(1, beat.count / most) : undefined,
      played: beat.count ? `${beat.count} of ${story.plays}` : "never",
      words: (beat.hidden ? "hidden plot, " : beat.start ? "start, " : "") + beat.full,
      short: (beat.hidden ? "hidden plot, " : beat.start ? "start, " : "") + beat.note,
      ins: [],
    }));
    for (const beat of this.beats)
      for (const row of beat.rows) if (row.to >= 0) this.beats[row.to].ins.push({ beat, row });
    this.parts = story.parts.map((part, number) => this.part(part, number));
    this.links = [];
    this.arrange();
  }

  part(part, number) {
    const beats = part.beats.map((index, n) => Object.assign(this.beats[index], { x: part.at[n][0], y: part.at[n][1] }));
    const made = { ...part, number, beats, isOpen: false };
    for (const beat of beats) beat.part = made;
    made.openWidth = part.width;
    made.openHeight = part.height;
    made.ways = part.ways.map((way) => {
      const beat = this.beats[way.beat], row = way.row >= 0 ? beat.rows[way.row] : undefined;
      const share = row && beat.count ? row.count / beat.count : 0;
      return { ...way, from: beat, to: this.beats[way.to], path: new Path2D(way.path), tip: tip(way.end), share, never: Boolean(row && this.story.plays && !row.count) };
    });
    made.findings = beats.flatMap(({ findings }) => findings);
    const count = beats.filter(({ shape }) => shape !== "group").length;
    const endings = beats.filter(({ shape }) => shape === "ending").length;
    made.words = `${count} beat${count === 1 ? "" : "s"}` + (endings ? `, ${endings} ending${endings === 1 ? "" : "s"}` : "");
    if (this.story.plays) made.heat = Math.max(...beats.map(({ share }) => share ?? 0));
    return made;
  }

  /** Place the chapters again after some were opened or closed. */
  arrange() {
    const { story, parts } = this;
    const [width, height] = story.closed;
    const sizes = parts.map((part) => (part.isOpen ? [part.openWidth, part.openHeight] : [width, height]));
    const links = story.links.map(([source, target, ways]) => ({ source, target, leaves: height / 2, arrives: height / 2, weight: Math.min(4, ways) }));
    const placed = place(story.arrangement, sizes, links);
    parts.forEach((part, n) => Object.assign(part, { x: placed.at[n][0], y: placed.at[n][1], width: sizes[n][0], height: sizes[n][1] }));
    this.links = placed.routes.map((points, n) => {
      const back = story.arrangement.back[n], [x, y] = points.at(-1);
      return { back, path: new Path2D(curve(points, back)), tip: tip([x, y, back ? 1 : 0]) };
    });
    this.width = Math.max(...parts.map(({ x, width: its }) => x + its));
    this.height = Math.max(placed.height, ...parts.map(({ y, height: its }) => y + its));
  }

  /** Beats of open chapters, and closed chapters: with their places on the whole map. */
  items() {
    return this.parts.flatMap((part) =>
      part.isOpen
        ? part.beats.map((item) => ({ item, x: part.x + item.x, y: part.y + item.y, width: 190, height: item.height }))
        : [{ item: part, x: part.x, y: part.y, width: part.width, height: part.height }],
    );
  }

  rectangle(item) {
    if (!item.part) return { x: item.x, y: item.y, width: item.width, height: item.height };
    const { part } = item;
    if (!part.isOpen) return this.rectangle(part);
    return { x: part.x + item.x, y: part.y + item.y, width: 190, height: item.height };
  }

  /** What lies at a point: {beat}, {port}, {part, isTitle} or nothing. */
  at(x, y) {
    for (const part of this.parts) {
      const left = x - part.x, top = y - part.y;
      if (left < 0 || top < -12 || left > part.width || top > part.height) continue;
      if (!part.isOpen) return { part, isTitle: true };
      const beat = part.beats.find((one) => left >= one.x - 4 && left <= one.x + 196 && top >= one.y - 10 && top <= one.y + one.height + 2);
      if (beat) return { beat };
      const port = part.ports.find((one) => left >= one.x && left <= one.x + 150 && top >= one.y && top <= one.y + 24);
      if (port) return { port };
      return { part, isTitle: Boolean(part.title) && top < 48 };
    }
    return {};
  }
}

/** An arrow head at [x, y, whether it points up]. */
function tip([x, y, isUp]) {
  return new Path2D(isUp ? `M${x} ${y}L${x - 3.6} ${y + 7.5}H${x + 3.6}Z` : `M${x} ${y}L${x - 7.5} ${y - 3.6}V${y + 3.6}Z`);
}
