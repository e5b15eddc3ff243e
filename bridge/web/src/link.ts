import { after } from "./state";
import type { Command } from "./commands";
import type { Answer, Greeting, Message, State } from "./words";

/**
 * waiting: no frame came yet. silent: the newest frame is old. ended, died: the show, and how.
 * away: no connection to the console. uninvited: the console does not know this browser. replaced: a
 * newer page has replaced this one.
 */
export type Standing =
  | "connecting"
  | "waiting"
  | "live"
  | "silent"
  | "ended"
  | "died"
  | "away"
  | "uninvited"
  | "replaced";
type StandingListener = (standing: Standing, reason: string) => void;
type Watcher = (state: State, changed: Set<string>) => void;

const SLOWEST_RETRY = 3000;
const LOOK = 250; // milliseconds between two checks of the state's age
const STALE = 1.5; // seconds after which a state is old
const LOST = 8; // seconds without a message after which the connection counts as lost
const REPLACED = 4001; // xrdrama/adapters/web/live/hub.py

/** The live socket: it has the newest state, and reconnects when the connection is lost. */
export class Link {
  state: State = {};
  number = -1;
  standing: Standing = "connecting";
  /** The reason given by the console; "" if none is needed. */
  reason = "";
  onRefused: (text: string) => void = () => {};
  private socket: WebSocket | undefined;
  private since = "";
  private retry = 250;
  private ids = 0;
  private waiting = new Map<number, (answer: Answer) => void>();
  private watchers: Watcher[] = [];
  private listeners: StandingListener[] = [];
  private freshAt: number | undefined;
  private heardAt = 0;
  private boot = "";

  constructor(private readonly greeting: Greeting) {
    setInterval(() => this.look(), LOOK);
  }

  /** Seconds since the newest frame was made; undefined while there was none. */
  age(): number | undefined {
    return this.freshAt === undefined ? undefined : Math.max(0, (Date.now() - this.freshAt) / 1000);
  }

  /** Whether a console is connected. */
  get isConnected(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** Whether a command cannot reach the show now: controls are disabled then. */
  get isCutOff(): boolean {
    return !this.isConnected || this.standing !== "live";
  }

  watch(watcher: Watcher): void {
    this.watchers.push(watcher);
  }

  /** Call `listener` whenever the standing changes. */
  onStand(listener: StandingListener): void {
    this.listeners.push(listener);
  }

  open(): void {
    const url = new URL("/live", location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    if (this.since) url.searchParams.set("since", this.since);
    const socket = new WebSocket(url);
    this.socket = socket;
    this.heardAt = Date.now();
    let opened = false;
    socket.onopen = () => (opened = true);
    socket.onmessage = (event) => this.take(JSON.parse(String(event.data)) as Message);
    socket.onclose = (event) => {
      if (this.socket !== socket) return;
      this.lost(event.reason, event.code);
      if (!opened) void this.compare();
    };
  }

  /** Send a command; `onRefused` is called when it is refused, which may be after its record. */
  ask(ask: Command): Promise<Answer> {
    const id = ++this.ids;
    if (this.isCutOff || !this.socket) {
      const why = this.isConnected ? "the show does not answer" : "not connected";
      return Promise.resolve(this.refuse({ id, refused: `${why}; nothing was sent` }));
    }
    this.socket.send(JSON.stringify({ id, ...ask }));
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }

  private take(message: Message): void {
    this.retry = 250;
    this.since = message.v;
    this.heardAt = Date.now();
    const [boot = ""] = message.v.split(".");
    if (this.boot && this.boot !== boot) void this.compare();
    this.boot = boot;
    const { state, changed } = after(this.state, message);
    this.state = state;
    // A page that has just opened gets the age of the state from the console.
    if (state.age !== undefined) this.freshAt = Math.min(this.freshAt ?? Infinity, Date.now() - state.age * 1000);
    else if (message.n !== this.number) this.freshAt = Date.now();
    this.number = message.n;
    this.stand(standing(state), "");
    for (const answer of message.answers ?? []) {
      if (answer.refused) this.refuse(answer);
      this.waiting.get(answer.id)?.(answer);
      this.waiting.delete(answer.id);
    }
    if (changed.size) for (const watcher of this.watchers) watcher(state, changed);
  }

  private lost(reason: string, code: number): void {
    for (const [id, resolve] of this.waiting) {
      resolve(this.refuse({ id, refused: "the connection was lost; check whether the command took effect" }));
    }
    this.waiting.clear();
    if (code === REPLACED) {
      this.stand("replaced", reason);
      return;
    }
    // When a show ends, its console ends, too: its last state is still valid.
    if (!isOver(this.standing) && this.standing !== "uninvited") this.stand("away", reason);
    else this.stand(this.standing, reason);
    setTimeout(() => this.open(), this.retry);
    this.retry = Math.min(SLOWEST_RETRY, this.retry * 1.6);
  }

  /** Check that the current console knows this browser and belongs to the show of this page. */
  private async compare(): Promise<void> {
    try {
      const answer = await fetch("/sheet.json", { cache: "no-store" });
      if (answer.status === 401) this.stand("uninvited", "");
      else if (answer.status === 429) this.stand("away", answer.headers.get("x-refused") ?? "");
      else if (answer.ok) {
        const now = (await answer.json()) as Greeting;
        if (JSON.stringify(now.sheet) !== JSON.stringify(this.greeting.sheet)) location.reload();
      } else this.stand("away", `another program answers at this address: ${answer.status}`);
    } catch {
      return; // no answer
    }
  }

  /** Update the age of the state while no message comes. */
  private look(): void {
    if (this.socket?.readyState === WebSocket.OPEN && Date.now() - this.heardAt > LOST * 1000) {
      const dead = this.socket;
      this.socket = undefined;
      dead.close();
      this.lost("it did not answer", 0);
    }
    const age = this.age() ?? 0;
    if (this.standing === "live" && age > STALE) this.stand("silent", "");
    else if (this.standing !== "live") this.notify();
  }

  private refuse(answer: Answer): Answer {
    this.onRefused(answer.refused ?? "");
    return answer;
  }

  private stand(standing: Standing, reason: string): void {
    if (standing === this.standing && reason === this.reason) return;
    this.standing = standing;
    this.reason = reason;
    this.notify();
    // Which controls are enabled depends on it, too.
    for (const watcher of this.watchers) watcher(this.state, new Set());
  }

  private notify(): void {
    for (const listener of this.listeners) listener(this.standing, this.reason);
  }
}

/** Whether the show is over, as far as is known. */
export function isOver(standing: Standing): boolean {
  return standing === "ended" || standing === "died";
}

/** The standing of the show, from its state. */
export function standing(state: State): Standing {
  if (state.beat === undefined) return "waiting";
  if (!state.silent) return "live";
  return state.fate ?? (state.ending ? "ended" : "silent");
}
