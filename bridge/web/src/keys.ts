import { el, say } from "./dom";
import type { Greeting } from "./words";

export interface Key {
  key: string;
  what: string;
  press: () => void;
}

/** Keys for everything, and the sheet that lists them. They can be turned off. */
export function keys(table: Key[], { role }: Greeting): { dialog: HTMLDialogElement; open: () => void } {
  let on = true;
  const byKey = new Map(table.map((one) => [one.key, one.press]));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const target = event.target as HTMLElement;
    if (target.matches("input[type=text], select") || document.querySelector("dialog[open]")) return;
    if (event.key === "?") open();
    else if (on && byKey.has(event.key.toLowerCase())) {
      event.preventDefault();
      byKey.get(event.key.toLowerCase())?.();
    }
  });
  const toggle = el("input", { type: "checkbox", id: "keys-on", checked: true });
  toggle.addEventListener("change", () => {
    on = toggle.checked;
  });
  const close = el("button", { class: "plain" }, "Close");
  const dialog = el(
    "dialog",
    { class: "help", "aria-labelledby": "help-title" },
    el("h2", { id: "help-title" }, "Keys"),
    el(
      "dl",
      { class: "keys" },
      ...[...table, { key: "?", what: "This sheet" }].map((one) =>
        el("div", {}, el("dt", {}, el("kbd", {}, one.key.toUpperCase())), el("dd", {}, one.what)),
      ),
    ),
    el("p", { class: "check" }, toggle, el("label", { for: "keys-on" }, "Single keys work")),
    ...(role === "director" ? [invite()] : []),
    el("div", { class: "pair" }, close),
  );
  close.addEventListener("click", () => dialog.close());
  const open = () => dialog.showModal();
  return { dialog, open };
}

function invite(): HTMLElement {
  const roles = ["operator", "viewer", "director"].map((role) => el("option", { value: role }, role));
  const role = el("select", { id: "invite-role" }, ...roles);
  const button = el("button", { class: "plain", id: "invite" }, "Invite");
  const url = el("output", { class: "url", for: "invite-role", "aria-live": "polite" });
  button.addEventListener("click", () => {
    void (async () => {
      const answer = await fetch("/invite", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ role: role.value }),
      });
      say(url, answer.ok ? ((await answer.json()) as { url: string }).url : `refused (${answer.status})`);
    })();
  });
  return el(
    "section",
    { class: "invite", "aria-labelledby": "invite-title" },
    el("h2", { id: "invite-title" }, "Invite another browser"),
    el("div", { class: "pair" }, el("label", { for: "invite-role" }, "as"), role, button),
    url,
  );
}
