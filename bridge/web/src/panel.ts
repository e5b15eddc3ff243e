import { el } from "./dom";

/** The elements that an open panel covers. The bar is not covered, so PANIC can always be pressed. */
const UNDER = "main";
let before: Element | null = null;

/** A dialog that does not cover the bar; Escape, its button or another dialog closes it. */
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

/** Synchronous, so that the next key reaches the elements below. */
export function closePanels(): void {
  for (const one of document.querySelectorAll<HTMLDialogElement>("dialog[open]")) one.close();
  document.querySelector(UNDER)?.toggleAttribute("inert", false);
  if (before instanceof HTMLElement) before.focus();
  before = null;
}
