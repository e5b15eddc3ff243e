"use strict";
// Positions of chapters when some are open: the rule of xrdrama/authoring/mapping/placing.py.
// The arrangement (columns, order, chains of links) comes from there and does not change.

const RULE = {
  betweenColumns: 58, forEachLink: 2.5, mostForLinks: 110, gaps: [26, 16, 10], rounds: 16, straight: [1, 2, 8],
  below: 10, inset: 22, unfolded: 2600, aspect: 1.9, full: 0.55, betweenBands: 44, track: 6, beside: 16,
};

/** Left and top of each chapter, and the points of each link. `sizes` are [width, height]. */
function place(arrangement, sizes, links) {
  const { count, columns, chains, back } = arrangement;
  const column = new Map();
  columns.forEach((items, at) => items.forEach((item) => column.set(item, at)));
  const heights = [...column.keys()].sort((a, b) => a - b).map((item) => (item < count ? sizes[item][1] : 0));
  const [left, width] = edges(columns, chains, column, count, sizes);
  const top = tops(arrangement, heights, links);
  const grid = folded(arrangement, column, left, width, top, heights, links);
  const at = sizes.map((_, node) => [left[column.get(node)], top[node]]);
  const routes = links.map((_, number) => route(number, chains[number], back[number], links, sizes, at, grid));
  return { at, routes, width: Math.max(0, ...grid.right), height: Math.max(0, ...at.map(([, y], n) => y + sizes[n][1]), ...routes.flat().map(([, y]) => y)) };
}

function pairs(chain) {
  return chain.slice(1).map((item, index) => [chain[index], item]);
}

function edges(columns, chains, column, count, sizes) {
  const known = new Set(chains.flatMap(pairs).map(([one, other]) => `${one} ${other}`));
  const links = columns.map(() => 0);
  for (const pair of known) links[column.get(Number(pair.split(" ")[0]))] += 1;
  const left = [], width = [];
  let x = 0;
  columns.forEach((items, at) => {
    const widest = Math.max(0, ...items.filter((item) => item < count).map((item) => sizes[item][0]));
    left.push(x);
    width.push(widest);
    x += widest + RULE.betweenColumns + Math.min(RULE.mostForLinks, RULE.forEachLink * links[at]);
  });
  return [left, width];
}

function tops({ count, columns, chains, back }, heights, links) {
  const pulls = [heights.map(() => []), heights.map(() => [])];
  links.forEach((link, number) => {
    const chain = chains[number], ends = [chain[0], chain[chain.length - 1]];
    const port = (item) => {
      if (!ends.includes(item)) return 0;
      if (back[number]) return heights[item] + RULE.below;
      return item === ends[0] ? link.leaves : link.arrives;
    };
    for (const [one, other] of pairs(chain)) {
      const weight = RULE.straight[(one >= count) + (other >= count)] * link.weight;
      const shift = port(one) - port(other);
      pulls[0][other].push([one, shift, weight]);
      pulls[1][one].push([other, -shift, weight]);
    }
  });
  const top = heights.map(() => 0);
  const offsets = columns.map((items) => {
    let y = 0;
    return items.map((item, index) => {
      if (index) y += heights[items[index - 1]] + RULE.gaps[(items[index - 1] >= count) + (item >= count)];
      return y;
    });
  });
  columns.forEach((items, at) => items.forEach((item, n) => (top[item] = offsets[at][n] - offsets[at].at(-1) / 2)));
  for (let turn = 0; turn < RULE.rounds; turn++) {
    const sides = turn >= 4 ? pulls : turn % 2 === 0 ? [pulls[0]] : [pulls[1]];
    const order = columns.map((_, at) => at);
    for (const at of turn % 2 === 0 ? order : order.reverse()) settle(columns[at], offsets[at], sides, top);
  }
  return top;
}

function settle(items, offsets, sides, top) {
  const blocks = [];
  items.forEach((item, index) => {
    let sum = 0, weight = 0;
    for (const side of sides)
      for (const [other, shift, pull] of side[item]) {
        sum += pull * (top[other] + shift);
        weight += pull;
      }
    let mean = (weight ? sum / weight : top[item]) - offsets[index], members = 1;
    weight = weight || 0.05;
    while (blocks.length && blocks.at(-1)[0] >= mean) {
      const [before, its, number] = blocks.pop();
      mean = (before * its + mean * weight) / (its + weight);
      weight += its;
      members += number;
    }
    blocks.push([mean, weight, members]);
  });
  let index = 0;
  for (const [mean, , members] of blocks)
    for (let n = 0; n < members; n++, index++) top[items[index]] = mean + offsets[index];
}

function folded({ columns, chains, back }, column, left, width, top, heights, links) {
  const into = columns.map(() => new Set());
  chains.forEach((chain, number) => chain.slice(1).forEach((item) => into[column.get(item)].add(links[number].target)));
  const height = top.length ? Math.max(...top) - Math.min(...top) : 0;
  const band = bands(left, width, height, into.map((targets) => targets.size));
  const right = [], tracks = new Map();
  let y = 0;
  for (let number = 0; number <= (band.at(-1) ?? -1); number++) {
    const members = columns.map((_, at) => at).filter((at) => band[at] === number);
    const items = members.flatMap((at) => columns[at]);
    const begin = left[members[0]], upper = Math.min(...items.map((item) => top[item]));
    const lower = Math.max(...items.map((item) => top[item] + heights[item]));
    for (const at of members) left[at] -= begin;
    for (const item of items) top[item] += y - upper;
    const last = members.at(-1);
    right.push(left[last] + width[last]);
    y += lower - upper + RULE.below + RULE.betweenBands / 2;
    const bundles = new Map();
    chains.forEach((chain, link) => chain.slice(0, -1).forEach((one, at) => {
      if (column.get(one) !== last) return;
      const key = `${links[link].target} ${back[link]}`;
      bundles.set(key, [...(bundles.get(key) ?? []), [top[one], `${link} ${at}`]]);
    }));
    const lowest = (bundle) => Math.max(...bundle.map(([from]) => from));
    for (const bundle of [...bundles.values()].sort((a, b) => lowest(b) - lowest(a))) {
      for (const [, key] of bundle) tracks.set(key, y);
      y += RULE.track;
    }
    y += RULE.betweenBands / 2;
  }
  return { left, width, band, right, top, column, tracks };
}

function bands(left, width, height, crossing) {
  const whole = left.length ? left.at(-1) + width.at(-1) : 0;
  if (whole <= RULE.unfolded) return left.map(() => 0);
  const widest = Math.max(RULE.unfolded / 2, Math.sqrt(whole * (height + RULE.betweenBands) * RULE.aspect));
  const breaks = new Set();
  let begin = 0;
  while (begin + 1 < left.length && whole - left[begin] > widest) {
    const ends = left.map((_, at) => at).filter((at) => at > begin && left[at] - left[begin] <= widest);
    let late = ends.filter((at) => left[at] - left[begin] > RULE.full * widest);
    if (!late.length) late = ends.length ? [ends.at(-1)] : [begin + 1];
    begin = late.reduce((best, at) => (crossing[at] < crossing[best] || (crossing[at] === crossing[best] && at > best) ? at : best));
    breaks.add(begin);
  }
  let band = 0;
  return left.map((_, at) => (band += Number(breaks.has(at))));
}

function route(number, chain, back, links, sizes, at, grid) {
  const { source, target, leaves, arrives } = links[number];
  const [x1, y1] = at[source], [x2, y2] = at[target], [w1, h1] = sizes[source], [w2, h2] = sizes[target];
  const below = y1 + h1 + RULE.below, start = [x1 + w1, y1 + leaves];
  if (back) {
    const end = [x2 + w2 - RULE.inset, y2 + h2], corner = [start[0], below];
    const between = passed(number, chain, grid, y2 + h2 + RULE.below, below);
    return [end, ...between, [x1, below], corner, start].reverse();
  }
  const edge = grid.left[grid.column.get(chain[0])] + grid.width[grid.column.get(chain[0])];
  const first = [edge, start[1]], end = [x2, y2 + arrives];
  return [start, ...(edge > start[0] ? [first] : []), ...passed(number, chain, grid, start[1], end[1]), end];
}

function passed(number, chain, grid, from, to) {
  const points = [];
  let y = from;
  pairs(chain).forEach(([item, following], index) => {
    const column = grid.column.get(item), beyond = grid.column.get(following);
    const isLast = index === chain.length - 2, enters = isLast ? to : grid.top[following];
    if (grid.band[column] !== grid.band[beyond]) {
      const right = grid.right[grid.band[column]] + RULE.beside, track = grid.tracks.get(`${number} ${index}`);
      points.push([right, y], [right, track], [-RULE.beside, track], [-RULE.beside, enters]);
    }
    if (!isLast) {
      points.push([grid.left[beyond], enters]);
      if (grid.width[beyond]) points.push([grid.left[beyond] + grid.width[beyond], enters]);
    }
    y = enters;
  });
  return points;
}

/** The path of a route, as `curve` in placing.py. */
function curve(points, back) {
  let [x, y] = points[0], ahead = 1, path = `M${x} ${y}`;
  points.slice(1).forEach(([x2, y2], index) => {
    if (back && index === points.length - 2) {
      const bend = Math.max(14, Math.min(60, Math.abs(x - x2) / 2));
      path += `C${x - bend} ${y} ${x2} ${y2 + 26} ${x2} ${y2}`;
    } else if (x === x2) {
      const out = x + ahead * Math.min(30, 12 + Math.abs(y2 - y) / 12);
      path += `C${out} ${y} ${out} ${y2} ${x2} ${y2}`;
      ahead = -ahead;
    } else if (y === y2) path += `H${x2}`;
    else path += `C${(x + x2) / 2} ${y} ${(x + x2) / 2} ${y2} ${x2} ${y2}`;
    [x, y] = [x2, y2];
  });
  return path;
}
