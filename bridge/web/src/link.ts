import { after } from "./state";
import type { Answer, Ask, Message, State } from "./words";

export type Standing = "connecting" | "live" | "silent" | "away";
type Watcher = (state: State, changed: Set<string>) => void;

const SLOWEST_RETRY = 4000;

/** The live socket: it holds the newest state, and comes back by itself when it is lost. */
export class Link {
  state: State = {};
  number = -1;
  standing: Standing = "connecting";
  onRefused: (text: string) => void = () => {};
  onStanding: (standing: Standing, reason: string) => void = () => {};
  private socket: WebSocket | undefined;
  private since = "";
  private retry = 250;
  private ids = 0;
  private waiting = new Map<number, (answer: Answer) => void>();
  private watchers: Watcher[] = [];

  watch(watcher: Watcher): void {
    this.watchers.push(watcher);
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
    this.stand(state.silent ? "silent" : "live", "");
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
    this.stand("away", reason);
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
    this.onStanding(standing, reason);
  }
}
