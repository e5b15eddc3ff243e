import { after } from "./state";
import type { Answer, Ask, Message, State } from "./words";

/** waiting: no frame came yet. ended, died: the show, and how. away: the console. */
export type Standing = "connecting" | "waiting" | "live" | "silent" | "ended" | "died" | "away";
type Stood = (standing: Standing, reason: string) => void;
type Watcher = (state: State, changed: Set<string>) => void;

const SLOWEST_RETRY = 4000;

/** The live socket: it holds the newest state, and comes back by itself when it is lost. */
export class Link {
  state: State = {};
  number = -1;
  standing: Standing = "connecting";
  onRefused: (text: string) => void = () => {};
  private socket: WebSocket | undefined;
  private since = "";
  private retry = 250;
  private ids = 0;
  private waiting = new Map<number, (answer: Answer) => void>();
  private watchers: Watcher[] = [];
  private stood: Stood[] = [];

  watch(watcher: Watcher): void {
    this.watchers.push(watcher);
  }

  /** Be told whenever the standing changes. */
  onStand(told: Stood): void {
    this.stood.push(told);
  }

  open(): void {
    const url = new URL("/live", location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    if (this.since) url.searchParams.set("since", this.since);
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.onmessage = (event) => this.take(JSON.parse(String(event.data)) as Message);
    socket.onclose = (event) => {
      if (this.socket === socket) this.lost(event.reason);
    };
  }

  /** Ask for something; what is refused is told to `onRefused`, too. */
  ask(ask: Ask): Promise<Answer> {
    const id = ++this.ids;
    if (this.socket?.readyState !== WebSocket.OPEN) {
      return Promise.resolve(this.refuse({ id, refused: "not connected; nothing was sent" }));
    }
    this.socket.send(JSON.stringify({ id, ...ask }));
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }

  private take(message: Message): void {
    this.retry = 250;
    this.since = message.v;
    this.number = message.n;
    const { state, changed } = after(this.state, message);
    this.state = state;
    this.stand(standing(state), "");
    for (const answer of message.answers ?? []) {
      this.waiting.get(answer.id)?.(answer.refused ? this.refuse(answer) : answer);
      this.waiting.delete(answer.id);
    }
    if (changed.size) for (const watcher of this.watchers) watcher(state, changed);
  }

  private lost(reason: string): void {
    for (const [id, resolve] of this.waiting) {
      resolve(this.refuse({ id, refused: "the connection was lost; look whether it happened" }));
    }
    this.waiting.clear();
    // A show that is over takes its console with it: what it said last still holds.
    if (this.standing !== "ended" && this.standing !== "died") this.stand("away", reason);
    setTimeout(() => this.open(), this.retry);
    this.retry = Math.min(SLOWEST_RETRY, this.retry * 1.6);
  }

  private refuse(answer: Answer): Answer {
    this.onRefused(answer.refused ?? "");
    return answer;
  }

  private stand(standing: Standing, reason: string): void {
    if (standing === this.standing) return;
    this.standing = standing;
    for (const told of this.stood) told(standing, reason);
  }
}

/** How things stand with the show, by its state. */
export function standing(state: State): Standing {
  if (state.beat === undefined) return "waiting";
  if (!state.silent) return "live";
  return state.fate ?? (state.ending ? "ended" : "silent");
}
