import { el } from "./dom";

/** What lies under a panel while it is open. The bar does not: panic stays in reach. */
const UNDER = "main";
let before: Element | null = null;

/** A dialog that leaves the bar alone; Escape, its button or another one closes it. */
export function panel(
  name: string,
  title: string,
  ...children: HTMLElement[]
): { dialog: HTMLDialogElement; show: () => void } {
  const close = el("button", { class: "plain close" }, "Close", el("kbd", { "aria-hidden": "true" }, "Esc"));
  const dialog = el(
    "dialog",
    { class: name, "aria-labelledby": `${name}-title` },
    el("div", { class: "head" }, el("h2", { id: `${name}-title` }, title), close),
    ...children,
  );
  close.addEventListener("click", closePanels);
  const show = () => {
    if (dialog.open) return;
    closePanels();
    before = document.activeElement;
    document.querySelector(UNDER)?.toggleAttribute("inert", true);
    dialog.show();
  };
  return { dialog, show };
}

export function isPanelOpen(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

/** At once, so that the next key already finds what lay under it. */
export function closePanels(): void {
  for (const one of document.querySelectorAll<HTMLDialogElement>("dialog[open]")) one.close();
  document.querySelector(UNDER)?.toggleAttribute("inert", false);
  if (before instanceof HTMLElement) before.focus();
  before = null;
}
