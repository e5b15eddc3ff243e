"use strict";
// The details beside the map: a beat with its script and paths, or an overview of the story.

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== ""));
  return made;
}

function section(title, ...rows) {
  return rows.length ? [element("h3", {}, title), element("ul", {}, ...rows)] : [];
}

function finding({ severity, code, file, line, message, hint }) {
  return element(
    "li",
    { class: `finding ${severity}` },
    element("b", {}, `${severity} ${code}, ${file}, line ${line}: `),
    message,
    ...(hint ? [element("p", { class: "soft" }, hint)] : []),
  );
}

class Panel {
  constructor(root, map, choose) {
    this.root = root;
    this.map = map;
    this.choose = choose;
  }

  to(beat, label) {
    return element("button", { type: "button", "data-beat": beat.id, click: () => this.choose(beat, true) }, label);
  }

  overview() {
    const { map } = this, { story } = map;
    const findings = [...story.findings, ...map.beats.flatMap((beat) => beat.findings)];
    this.root.replaceChildren(
      element("h2", {}, story.title),
      element("p", { class: "soft" }, story.words),
      ...story.notes.map((note) => element("p", {}, note)),
      ...section(`Findings (${findings.length})`, ...findings.slice(0, 200).map(finding)),
      element("h3", {}, "Beats"),
      ...map.parts.map((part) => this.list(part)),
      element("h3", {}, "How to read the map"),
      element("ul", {}, ...story.legend.map((words) => element("li", {}, words))),
      element("p", {}, document.getElementById("keys").textContent),
    );
  }

  list(part) {
    const rows = () => part.beats.map((beat) => element("li", {}, this.to(beat, `${beat.title}: ${beat.words}`)));
    if (!part.title) return element("ul", {}, ...rows());
    const list = element("ul", {});
    const details = element("details", {}, element("summary", {}, `${part.title} (${part.words})`), list);
    details.addEventListener("toggle", () => list.childElementCount || list.append(...rows()), { once: true });
    return details;
  }

  beat(beat) {
    const { map } = this;
    const title = beat.part.title ? [beat.part.title] : [];
    this.root.replaceChildren(
      element("h2", { tabindex: -1 }, beat.id),
      element("p", {}, beat.words),
      element("p", { class: "soft" }, [...title, ...(beat.scene ? [`set ${beat.scene}`] : []), `${beat.file}, line ${beat.line}`].join(", ")),
      ...(map.story.plays ? [element("p", {}, `played: ${beat.played}`)] : []),
      ...(beat.when ? [element("p", {}, "when ", element("code", {}, beat.when))] : []),
      ...section("Findings", ...beat.findings.map(finding)),
      ...section("Paths out", ...beat.rows.map((row) => this.way(row))),
      ...section(
        "Paths in",
        ...beat.ins.map(({ beat: other, row }) => element("li", {}, this.to(other, `${other.title}: ${row.full}`))),
      ),
      element("h3", {}, "Script"),
      ...(beat.script.length ? beat.script.map(item) : [element("p", { class: "soft" }, "This beat has no script.")]),
    );
    this.root.scrollTop = 0;
  }

  way(row) {
    const { map } = this;
    const label = `${row.full} → ${row.to >= 0 ? map.beats[row.to].title : row.name}`;
    const target = row.to >= 0 ? this.to(map.beats[row.to], label) : element("p", {}, `${label} (there is no such beat)`);
    const counted = map.story.plays ? [element("p", { class: "soft" }, row.count ? `taken ${row.count} times` : "never taken")] : [];
    return element("li", {}, target, ...row.more.map((words) => element("p", { class: "soft" }, words)), ...counted);
  }
}

/** One item of a script. */
function item({ kind, who, text, condition, depth }) {
  const inside = depth ? ` in${Math.min(depth, 4)}` : "";
  const when = condition ? [element("code", {}, `if ${condition} `)] : [];
  if (kind === "line") return element("p", { class: `line${inside}` }, element("b", {}, who), ...when, text);
  return element("p", { class: kind + inside }, ...when, text);
}
