import { el, say } from "./dom";
import type { Link } from "./link";
import { closePanels, isPanelOpen, panel } from "./panel";
import type { Greeting } from "./words";

export interface Key {
  key: string;
  what: string;
  press: () => void;
  /** A key of the bar, which also works while a panel is open. */
  bar?: boolean;
}

/** Keyboard shortcuts, and the panel that lists them. They can be turned off. */
export function keys(table: Key[], { role }: Greeting, link: Link): { dialog: HTMLDialogElement; open: () => void } {
  let on = true;
  const known = new Map(table.map((one) => [one.key, one]));
  const toggle = el("input", { type: "checkbox", id: "keys-on", checked: true });
  toggle.addEventListener("change", () => {
    on = toggle.checked;
  });
  const { dialog, show } = panel(
    "help",
    "Invitations and keys",
    ...(role === "director" ? [invite(link)] : []),
    el("p", { class: "check" }, toggle, el("label", { for: "keys-on" }, "Use single keys")),
    el(
      "dl",
      { class: "keys" },
      ...[...table, { key: "?", what: "Show this list" }, { key: "Esc", what: "Close a panel" }].map((one) =>
        el("div", {}, el("dt", {}, el("kbd", {}, named(one.key))), el("dd", {}, one.what)),
      ),
    ),
  );
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "Escape") closePanels();
    else if ((event.target as HTMLElement).matches("input[type=text], input[type=number], select")) return;
    else if (event.key === "?") show();
    else if (on) {
      const one = known.get(letter(event));
      if (!one || (isPanelOpen() && !one.bar)) return;
      event.preventDefault();
      one.press();
    }
  });
  return { dialog, open: show };
}

/** The key as it is listed: with another alphabet or an input method, by its position. */
function letter({ key, code }: KeyboardEvent): string {
  const isOurs = /^[ -~]$/.test(key);
  return (isOurs ? key : code.replace(/^(Key|Digit)/, "")).toLowerCase();
}

function named(key: string): string {
  return key.length === 1 ? key.toUpperCase() : key;
}

function invite(link: Link): HTMLElement {
  const roles = ["operator", "viewer", "director"].map((role) => el("option", { value: role }, role));
  const role = el("select", { id: "invite-role" }, ...roles);
  const button = el("button", { class: "plain", id: "invite" }, "Invite");
  const url = el("output", { class: "url", for: "invite-role", "aria-live": "polite" });
  const advice = el("p", { class: "advice" });
  link.onStand(() => {
    button.disabled = role.disabled = !link.isConnected;
  });
  button.addEventListener("click", () => {
    void (async () => {
      const answer = await fetch("/invite", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ role: role.value }),
      }).catch(() => undefined);
      const made = answer?.ok ? ((await answer.json()) as { url: string; advice: string }) : undefined;
      say(url, made?.url ?? (answer ? `refused (${answer.status})` : "not connected; no invitation was made"));
      say(advice, made ? `Valid for one browser and one hour. ${made.advice}` : "");
    })();
  });
  return el(
    "section",
    { class: "invite", "aria-labelledby": "invite-title" },
    el("h3", { id: "invite-title" }, "Invite another browser"),
    el("div", { class: "pair" }, el("label", { for: "invite-role" }, "as"), role, button),
    url,
    advice,
  );
}
