import { el, say } from "../../../src/dom";
import type { Link, Outcome } from "../link";
import type { OptionNow, Receipt, State } from "../protocol";
import { Ballot, isVote, type Signed, type Standing } from "./ballot";
import type { KeptVote } from "./keeping";
import { lasting, word, type Word } from "../words";
import "./view.css";

const STANDINGS: Record<Standing, Word> = { proved: "voteProved", kept: "voteKept", wrong: "voteWrong" };

/** Votes on the page: signs them, says their number, and lists the kept ones. */
export class Votes {
  readonly ballot = new Ballot();
  /** The number of the newest vote, under the options. */
  readonly note = el("p", { class: "vote-note", role: "status", hidden: true });
  readonly button = el("button", { class: "tool my-votes", type: "button", hidden: true, "aria-haspopup": "dialog", onclick: () => void this.open() });
  readonly dialog = el("dialog", { class: "settings votes-kept", "aria-labelledby": "votes-title" });
  private readonly sent = new Map<number, string>();
  private choice = "";

  constructor(private readonly link: Link, private readonly language: () => string, private readonly notify: (text: string) => void) {
    lasting(() => say(this.button, word("myVotes")));
    void this.ballot.start().then(() => this.show(this.link.state));
  }

  show(state: Partial<State>): void {
    this.button.hidden = !this.ballot.votes.length;
    const current = state.tally?.choice ?? "";
    if (current !== this.choice) {
      this.choice = current;
      this.say("");
    }
  }

  private say(text: string): void {
    say(this.note, text);
    this.note.hidden = !text;
  }

  /** Pick an option: a signed vote where there is a vote and this page can sign, else a tap. */
  async pick(option: OptionNow, by: string, choice: string, seconds: number): Promise<Outcome> {
    const signed = isVote(option) ? await this.ballot.sign(option.id, this.link.state) : undefined;
    if (!signed) return this.tap(option, by, choice, seconds);
    const outcome = await this.send(signed, choice, seconds);
    if (outcome.code === "key_taken") {
      await this.ballot.forgetKey(signed.run);
      const again = await this.ballot.sign(option.id, this.link.state);
      if (again) return this.received(again, option, await this.send(again, choice, seconds));
    }
    return this.received(signed, option, outcome);
  }

  private async tap(option: OptionNow, by: string, choice: string, seconds: number): Promise<Outcome> {
    const outcome = await this.link.request({ do: "tap", option: option.id, by }, choice, seconds);
    const why = this.ballot.unsigned;
    if (!outcome.text && isVote(option) && why && this.link.state.ballot)
      this.say(word(why === "insecure" ? "voteInsecure" : "voteNotKept"));
    return outcome;
  }

  private async send(vote: Signed, choice: string, seconds: number): Promise<Outcome> {
    const outcome = await this.link.request(vote, choice, seconds);
    if (outcome.answer) this.sent.set(outcome.answer.id, vote.nonce);
    return outcome;
  }

  private async received(vote: Signed, option: OptionNow, outcome: Outcome): Promise<Outcome> {
    const { ballot, title } = this.link.state;
    const receipt = outcome.answer && "receipt" in outcome.answer ? (outcome.answer.receipt as Receipt | undefined) : undefined;
    if (!receipt || !ballot) return outcome;
    const text = option.texts[this.language()] ?? Object.values(option.texts)[0] ?? option.id;
    if (await this.ballot.keep(vote, receipt, ballot, title ?? "", text)) this.say(word("voteNumber", receipt.index + 1));
    else this.notify(word("voteWrong"));
    this.show(this.link.state);
    return outcome;
  }

  /** A second answer: the show did not count a vote. */
  later(outcome: Outcome): void {
    const nonce = outcome.answer && this.sent.get(outcome.answer.id);
    if (!nonce || !outcome.text) return;
    this.say("");
    void this.ballot.refuse(nonce, outcome.text);
  }

  private async open(): Promise<void> {
    const rows = el("ul", { class: "kept" });
    const close = el("button", { class: "tool", type: "button", onclick: () => this.dialog.close() }, word("close"));
    const again = el("button", { class: "tool", type: "button", onclick: () => void this.check(rows) }, word("voteCheck"));
    this.dialog.replaceChildren(
      el("header", {}, el("h2", { id: "votes-title" }, word("myVotes")), close), rows, again, el("p", { class: "about" }, word("voteAbout")),
    );
    if (!this.dialog.open) this.dialog.showModal();
    await this.check(rows);
  }

  private async check(rows: HTMLElement): Promise<void> {
    const newest = [...this.ballot.votes].reverse();
    const standings = newest.map(() => el("span", { class: "standing-of-vote", role: "status" }, word("voteChecking")));
    rows.replaceChildren(...newest.map((vote, at) => this.row(vote, standings[at]!)));
    await Promise.all(newest.map(async (vote, at) => {
      const ask = async (message: { do: string; [name: string]: unknown }) => (await this.link.request(message, "", 10)).answer ?? {};
      const standing = await this.ballot.check(vote, this.link.state, this.link.isOpen ? ask : async () => ({}));
      const place = standings[at]!;
      place.dataset["standing"] = standing;
      say(place, vote.refused && standing !== "wrong" ? word("voteRefused", vote.refused) : word(STANDINGS[standing]));
    }));
  }

  private row(vote: KeptVote, standing: HTMLElement): HTMLElement {
    const title = word("voteRow", vote.receipt.index + 1, vote.option);
    const when = new Date(vote.receipt.head.at).toLocaleString(this.language());
    return el("li", {}, el("b", {}, title), el("small", {}, `${vote.show}, ${when}`), standing);
  }
}
