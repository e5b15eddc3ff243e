import { el, mark, say } from "./dom";
import type { Link } from "./link";

const NAMES = { lens: "Through the lens", wall: "The wall" } as const;

/** The live pictures. A page that nobody sees takes none. */
export function pictures(link: Link): HTMLElement {
  const box = el("section", { class: "pictures", "aria-label": "Live pictures" });
  const none = el("p", { class: "none" });
  const frames = Object.entries(NAMES).map(([name, title]) => {
    const img = el("img", { alt: `${title}, live` });
    const figure = el("figure", { class: name }, img, el("figcaption", {}, title));
    box.append(figure);
    return { name, img, figure };
  });
  box.append(none);

  const show = () => {
    const there = link.standing === "away" ? [] : (link.state.pictures ?? []);
    for (const { name, img, figure } of frames) {
      const wanted = there.includes(name) && !document.hidden;
      figure.hidden = !there.includes(name);
      if (wanted && !img.getAttribute("src")) img.src = `/picture/${name}?${Date.now()}`;
      if (!wanted && img.getAttribute("src")) img.removeAttribute("src");
    }
    none.hidden = there.length > 0;
    say(
      none,
      link.standing === "away"
        ? "No pictures while the console is away."
        : "This show draws no pictures here. Start it with  xrdrama run SHOW --headless  to see " +
            "the lens and the wall.",
    );
  };
  document.addEventListener("visibilitychange", show);
  link.watch((state, changed) => {
    if (changed.has("pictures") || changed.has("silent")) show();
    mark(box, "held", Boolean(state.held));
    mark(box, "panicking", Boolean(state.panic));
    mark(box, "rolling", Boolean(state.rolling));
  });
  show();
  return box;
}
