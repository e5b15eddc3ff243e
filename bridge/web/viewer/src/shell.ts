import { el, mark, plain, say, titled } from "../../src/dom";
import { Captions, type Languages } from "./captions";
import { Link } from "./link";
import type { Look } from "./look";
import { Options, secondsLeft, type By, type Picked } from "./options";
import { settingsForm } from "./panel";
import type { MarkerCamera } from "./markers/view";
import type { Picture } from "./picture";
import type { OptionNow, State } from "./protocol";
import { loadSettings, pickLanguage, saveSettings, type Settings } from "./settings";
import { SensesView } from "./senses/view";
import { Sounds } from "./sound";
import { LANGUAGES, lasting, speak, word, type Word } from "./words";
import { Votes } from "./votes/view";
import type { Immersion, Kind } from "./xr";

const NOTICE = 7000; // milliseconds

/** The page: picture, captions, options, and the buttons around them. */
export class Shell {
  readonly link = new Link(sessionStorage);
  readonly sounds = new Sounds(() => this.link.seconds);
  picture: Picture | undefined;
  immersion: Immersion | undefined;
  senses: SensesView | undefined;
  private look: Look | undefined;
  private settings = loadSettings(localStorage);
  private picked: Picked | undefined;
  private readonly captions = new Captions();
  private readonly options = new Options();
  private readonly canvas = el("canvas", { class: "picture", role: "img", tabindex: 0 });
  private readonly title = el("h1");
  private readonly standing = el("p", { class: "standing", role: "status" });
  private readonly notices = el("div", { class: "notices", role: "alert" });
  private readonly trouble = el("p", { class: "trouble", role: "status", hidden: true });
  private readonly ending = el("p", { class: "ending", hidden: true });
  private readonly sound = el("button", { class: "tool sound", type: "button", onclick: () => void this.toggleSound() });
  private readonly motion = el("button", { class: "tool motion", type: "button", hidden: true, onclick: () => void this.toggleMotion() });
  private readonly views = el("button", { class: "tool views", type: "button", hidden: true, onclick: () => this.nextView() });
  private readonly vr = el("button", { class: "tool vr", type: "button", hidden: true, onclick: () => void this.immerse("immersive-vr") });
  private readonly ar = el("button", { class: "tool ar", type: "button", hidden: true, onclick: () => void this.immerse("immersive-ar") });
  private readonly lookFor = el("button", { class: "tool look-for", type: "button", hidden: true, onclick: () => void this.openCamera() });
  private readonly more = el("button", { class: "tool more", type: "button", "aria-haspopup": "dialog", onclick: () => this.openSettings() });
  private readonly back = el("button", { class: "tool back", type: "button", hidden: true, onclick: () => this.link.takeBack() });
  readonly votes = new Votes(this.link, () => this.languages[0] ?? "en", (text) => this.notify(text));
  private readonly dialog = el("dialog", { class: "settings", "aria-labelledby": "settings-title" });
  private camera: MarkerCamera | undefined;
  private wake: WakeLockSentinel | undefined;
  private noXr: string[] = [];
  private notKept: (() => string) | undefined;

  constructor(private readonly root: HTMLElement) {}

  async start(): Promise<void> {
    this.speak();
    const tools = el("nav", { class: "tools" }, this.back, this.sound, this.motion, this.views, this.vr, this.ar, this.lookFor, this.votes.button, this.more);
    const top = el("header", { class: "top" }, this.title, this.standing, tools);
    this.senses = new SensesView(tools, this.more, (text) => this.notify(text));
    lasting(() => this.label(tools));
    const bottom = el("main", { class: "bottom" }, this.ending, this.captions.root, this.options.root, this.votes.note);
    this.root.append(this.canvas, top, this.trouble, this.notices, bottom, this.dialog, this.votes.dialog);
    this.options.onPick = (option, by) => void this.pick(option, by);
    this.link.watch((state, changed) => this.show(state, changed));
    this.link.onStand(() => this.stand());
    this.link.onOutcome = (outcome) => {
      const { text } = outcome;
      this.votes.later(outcome);
      if (text) this.mark(undefined);
      this.notify(text);
    };
    this.sounds.onTrouble = (text) => this.notify(text);
    this.dress();
    this.stand();
    this.listen();
    setInterval(() => this.options.tick(this.link.seconds), 100);
    this.link.open();
    void this.keepOffline();
    await this.startPicture();
  }

  private get languages(): Languages {
    const there = this.link.state.languages ?? [];
    const first = pickLanguage(this.settings.language, navigator.languages, there);
    const second = this.settings.second;
    return second && second !== first && there.includes(second) ? [first, second] : [first];
  }

  /** The page's own words are in the chosen language, else the browser's, whatever the show has. */
  private speak(): void {
    const language = pickLanguage(this.settings.language, navigator.languages, LANGUAGES);
    document.documentElement.lang = language;
    speak(language);
  }

  private show(state: Partial<State>, changed: ReadonlySet<string>): void {
    this.picture?.apply(state);
    if (changed.has("sounds") || !changed.size) this.sounds.apply(state);
    this.captions.show(state, this.languages, this.settings.sounds);
    if (this.picked && state.choice === undefined) this.picked = undefined;
    this.options.show(state, this.languages, this.link.seconds);
    this.votes.show(state);
    if (changed.has("title")) {
      say(this.title, state.title ?? "");
      document.title = state.title ?? "xrdrama";
    }
    say(this.ending, state.ending ? word("ending", titled(state.ending)) : "");
    this.ending.hidden = !state.ending;
    this.lookFor.hidden = Boolean(this.camera) || !Object.keys(state.codes ?? {}).length;
    this.senses?.show(state);
    this.showToCamera(state);
    if (changed.has("panic") || changed.has("held")) this.stand();
    if (changed.has("note")) this.notify(state.note ?? "");
  }

  private stand(): void {
    const { standing, reason, state } = this.link;
    let key: Word | "" = standing === "live" ? "" : standing;
    if (standing === "away" && state.title === undefined) key = "awayStart";
    if (standing === "live" && state.panic) key = "panic";
    else if (standing === "live" && state.held) key = "held";
    else if (standing === "live" && state.mode === "own") key = "own";
    say(this.standing, [key && word(key), reason].filter(Boolean).join(" "));
    this.standing.dataset["now"] = standing;
    this.back.hidden = standing !== "replaced";
    document.documentElement.dataset["standing"] = standing;
  }

  /** The words of what is always there; again when the page's language has changed. */
  private label(tools: HTMLElement): void {
    tools.setAttribute("aria-label", word("tools"));
    this.canvas.setAttribute("aria-label", word("set"));
    say(this.sound, word(this.sounds.isOn ? "soundOn" : "sound"));
    say(this.motion, word(this.look?.motion === "on" ? "motionOn" : "motion"));
    say(this.views, word("view"));
    say(this.lookFor, word("markers"));
    say(this.more, word("settings"));
    say(this.back, word("watchHere"));
    this.inWorld(this.immersion?.isOn ? this.immersion.kind : "");
    this.stand();
    if (this.picture) void this.offerImmersion();
  }

  /** Pick an option: at once, or when the connection is back and the choice is still open. */
  private async pick(option: OptionNow, by: By): Promise<void> {
    const choice = this.link.state.choice ?? undefined;
    const left = choice && secondsLeft(choice, this.link.seconds);
    if (!choice || choice.phase !== "open" || left === 0) {
      this.notify(word(choice?.phase === "shown" ? "soon" : "closed"));
      return;
    }
    if (this.picked?.option === option.id && this.picked.how !== "waits") return;
    this.mark({ option: option.id, how: this.link.isOpen ? "sent" : "waits" });
    if (!this.link.isOpen) this.notify(word("waits"));
    navigator.vibrate?.(12);
    const { text } = await this.votes.pick(option, by, choice.id, left === undefined ? 60 : left + 5);
    if (this.picked?.option !== option.id) {
      if (text) this.notify(text);
      return;
    }
    this.mark(text ? undefined : { option: option.id, how: "recorded" });
    if (text) this.notify(text);
  }

  private mark(picked: Picked | undefined): void {
    this.picked = picked;
    this.options.mark(picked);
  }

  /** Say something for some seconds. */
  notify(text: string): void {
    if (!text || [...this.notices.children].some((one) => one.textContent === text)) return;
    const notice = el("p", {}, text);
    this.notices.append(notice);
    setTimeout(() => notice.remove(), NOTICE);
  }

  private async startPicture(): Promise<void> {
    try {
      this.troubled(word("loading"));
      const [{ Look }, { Picture }] = await this.drawing();
      this.troubled("");
      this.look = new Look(this.canvas);
      const picture = new Picture(this.root, this.look, () => this.link.seconds);
      this.picture = picture;
      picture.onTrouble = (text) => this.troubled(text);
      picture.onProgress = (text) => this.troubled(text);
      picture.onLoaded = () => this.loaded();
      picture.onFrame = (elapsed) => this.immersion?.update(elapsed);
      this.look.onButton = (button) => this.padButton(button);
      picture.apply(this.link.state);
      this.motion.hidden = !("DeviceOrientationEvent" in globalThis) || !matchMedia("(pointer: coarse)").matches;
      await this.offerImmersion();
    } catch (error) {
      this.canvas.hidden = true;
      this.troubled(error instanceof Error ? error.message : String(error));
      document.documentElement.dataset["picture"] = "none";
    }
  }

  /** What draws the set is loaded after captions and options; on a bad network it is tried again. */
  private async drawing(): Promise<[typeof import("./look"), typeof import("./picture")]> {
    for (let wait = 1000; ; wait = Math.min(16_000, wait * 2)) {
      try {
        return await Promise.all([import("./look"), import("./picture")]);
      } catch (error) {
        console.error(error);
        this.troubled(word("late"));
        await new Promise((done) => setTimeout(done, wait));
      }
    }
  }

  private loaded(): void {
    const root = document.documentElement;
    requestAnimationFrame(() => requestAnimationFrame(() => {
      root.dataset["firstPicture"] ??= String(Math.round(performance.now()));
      root.dataset["picture"] = "shown";
    }));
    this.views.hidden = (this.picture?.places.length ?? 0) < 2;
  }

  private troubled(text: string): void {
    say(this.trouble, text);
    this.trouble.hidden = !text;
  }

  private async toggleSound(): Promise<void> {
    if (this.sounds.isOn) await this.sounds.stop();
    else if (!(await this.sounds.start())) this.notify(word("noSound"));
    const on = this.sounds.isOn;
    say(this.sound, word(on ? "soundOn" : "sound"));
    this.sound.setAttribute("aria-pressed", String(on));
    void this.stayAwake();
  }

  private async toggleMotion(): Promise<void> {
    if (!this.look) return;
    if (this.look.motion === "on") this.look.stopMotion();
    else await this.look.startMotion();
    const { motion } = this.look;
    say(this.motion, word(motion === "on" ? "motionOn" : "motion"));
    this.motion.setAttribute("aria-pressed", String(motion === "on"));
    if (motion === "refused") this.notify(word("motionRefused"));
    if (motion === "none") this.notify(word("noMotion"));
  }

  /** The camera and what finds markers are loaded when they are asked for. */
  private async openCamera(): Promise<void> {
    this.lookFor.disabled = true;
    const { MarkerCamera } = await import("./markers/view");
    const camera = new MarkerCamera(this.root, {
      codes: () => this.link.state.codes ?? {},
      found: (marker) => this.link.request({ do: "marker", marker }, "", 5),
      notify: (text) => this.notify(text),
    });
    this.camera = camera;
    camera.onTurned = (on) => this.cover(on);
    this.lookFor.replaceWith(camera.button);
    camera.button.closest("header")?.append(camera.notes);
    this.showToCamera(this.link.state);
    await camera.start();
  }

  /** The camera covers the set, which is not drawn meanwhile. */
  private cover(on: boolean): void {
    if (this.picture) this.picture.covered = on;
    mark(this.root, "camera-on", on);
  }

  private showToCamera(state: Partial<State>): void {
    const { camera } = this;
    if (!camera) return;
    camera.allow(state.markers ?? []);
    camera.still = this.settings.motion === "reduced";
    const key = state.lights?.find((light) => light.direction);
    const { x, y, z } = key?.colour ?? { x: 1, y: 0.85, z: 0.65 };
    camera.light([x, y, z], Math.max(x, y, z) / 3);
  }

  private nextView(): void {
    const { picture } = this;
    const places = picture?.places ?? [];
    if (!picture || !places.length) return;
    const next = places[(places.indexOf(picture.placeName) + 1) % places.length] ?? places[0]!;
    picture.goTo(next);
    this.notify(word("viewNow", plain(next)));
  }

  private padButton(button: number): void {
    if (button < 4) this.options.pickNumber(button + 1);
    else if (button === 4 || button === 5) this.nextView();
    else this.look?.reset();
  }

  private async offerImmersion(): Promise<void> {
    const { whyNot } = await import("./xr");
    const [vr, ar] = await Promise.all([whyNot("immersive-vr"), whyNot("immersive-ar")]);
    this.vr.hidden = Boolean(vr);
    this.ar.hidden = Boolean(ar);
    this.noXr = [vr, ar];
  }

  private async immerse(kind: Kind): Promise<void> {
    const { picture } = this;
    if (!picture) return;
    if (this.immersion?.isOn) return this.immersion.end();
    const { Immersion, nameOf } = await import("./xr");
    this.immersion ??= new Immersion(picture, () => ({
      state: this.link.state, languages: this.languages, seconds: this.link.seconds,
      withSounds: this.settings.sounds, dwell: this.settings.dwell, picked: this.picked,
      notice: this.standing.textContent || this.notices.lastChild?.textContent || "",
    }));
    this.immersion.onPick = (option, by) => void this.pick(option, by);
    this.immersion.onEnd = () => this.inWorld("");
    try {
      await this.immersion.start(kind);
      this.inWorld(kind);
    } catch (error) {
      this.notify(word("refusedSession", nameOf(kind), error instanceof Error ? error.message : String(error)));
    }
    if (!this.sounds.isOn) await this.toggleSound();
  }

  private inWorld(kind: Kind | ""): void {
    document.documentElement.dataset["immersed"] = kind;
    say(this.vr, word(kind === "immersive-vr" ? "leaveVr" : "enterVr"));
    say(this.ar, word(kind === "immersive-ar" ? "leaveAr" : "enterAr"));
  }

  private openSettings(): void {
    const close = el("button", { class: "tool", type: "button", onclick: () => this.dialog.close() }, word("close"));
    const leftOut = (this.picture?.leftOut ?? []).map((one) => word("notDrawn", one));
    const words = [...new Set(this.noXr), ...leftOut, this.notKept?.() ?? ""];
    this.dialog.replaceChildren(
      el("header", {}, el("h2", { id: "settings-title" }, word("settings")), close),
      settingsForm(this.settings, this.link.state.languages ?? [], (settings) => this.change(settings)),
      el("h3", {}, word("keys")),
      el("p", {}, word("keysText")),
      ...words.filter(Boolean).map((text) => el("p", { class: "left-out" }, text)),
    );
    if (!this.dialog.open) this.dialog.showModal();
  }

  private change(settings: Settings): void {
    this.settings = settings;
    saveSettings(localStorage, settings);
    this.speak();
    this.dress();
    this.show(this.link.state, new Set());
    if (this.dialog.open) {
      const name = document.activeElement?.getAttribute("name");
      this.openSettings();
      if (name) this.dialog.querySelector<HTMLElement>(`[name="${name}"]`)?.focus();
    }
  }

  private dress(): void {
    const { root, settings } = this;
    root.dataset["size"] = settings.size;
    root.dataset["hand"] = settings.hand;
    root.dataset["motion"] = settings.motion;
    mark(root, "contrast", settings.contrast);
    this.sounds.setVolume(settings.volume);
    this.options.scan(settings.scan);
    this.captions.again();
    this.options.again();
  }

  private listen(): void {
    window.addEventListener("keydown", (event) => this.key(event, true));
    window.addEventListener("keyup", (event) => this.look?.key(event, false));
    document.addEventListener("visibilitychange", () => void this.stayAwake());
    addEventListener("pointerdown", () => void this.stayAwake(), { once: true });
  }

  private key(event: KeyboardEvent, down: boolean): void {
    if (this.dialog.open || event.ctrlKey || event.metaKey || event.altKey) return;
    const name = event.key;
    let used = false;
    if ((name === " " || name === "Enter") && this.options.isScanning) used = this.options.pickScanned();
    else if (/^[1-9]$/.test(name)) used = this.options.pickNumber(Number(name));
    else if (name.toLowerCase() === "v") this.nextView();
    else if (name.toLowerCase() === "m") void this.toggleSound();
    else used = this.look?.key(event, down) ?? false;
    if (used) event.preventDefault();
  }

  /** Keep the screen on while the page is looked at; browsers without this dim it as usual. */
  private async stayAwake(): Promise<void> {
    if (document.hidden || !("wakeLock" in navigator) || (this.wake && !this.wake.released)) return;
    this.wake = await navigator.wakeLock.request("screen").catch(() => undefined);
  }

  private async keepOffline(): Promise<void> {
    if (!("serviceWorker" in navigator)) {
      this.notKept = () => word("keepsNothing");
      return;
    }
    try {
      await navigator.serviceWorker.register("/sw.js");
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.notKept = () => word("cannotKeep", why);
    }
  }
}
