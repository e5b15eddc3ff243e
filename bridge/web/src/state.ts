import type { Message, State } from "./words";

/** The state after a message, and the names whose values it changed. */
export function after(state: State, message: Message): { state: State; changed: Set<string> } {
  const changed = new Set<string>();
  if (message.is) {
    for (const name of [...Object.keys(state), ...Object.keys(message.is)]) changed.add(name);
    return { state: message.is, changed };
  }
  if (!message.now) return { state, changed };
  const next: Record<string, unknown> = { ...state };
  for (const [name, value] of Object.entries(message.now)) {
    changed.add(name);
    if (value === null) delete next[name];
    else next[name] = value;
  }
  return { state: next as State, changed };
}
