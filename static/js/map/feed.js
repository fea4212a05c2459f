/* Asks every second whether anything changed, which mostly costs a 304, and only then for figures. */
import { pause } from "./scale.js";

export class Feed {
  /** `changed(answer)` on new figures; `state(ok, moment)` when the server answered or did not. */
  constructor({ address, version, changed, state }) {
    this.address = address;
    this.version = version;
    this.changed = changed;
    this.state = state;
    this.failures = 0;
    this.turn = 0;
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.look();
    });
  }

  /** Ask for the figures now, whatever was waiting; used when the person chooses something else. */
  async ask() {
    const turn = this.begin();
    await this.trying(turn, () => this.figures(turn));
  }

  /** Ask whether anything changed. */
  async look() {
    const turn = this.begin();
    await this.trying(turn, async () => {
      const answer = await this.fetched(this.version(), this.seenTag);
      if (turn !== this.turn) return;
      if (answer.status === 200) {
        const { version, now } = await answer.json();
        if (turn !== this.turn) return;
        this.moment = now;
        if (version !== this.seen) await this.figures(turn);
        if (turn !== this.turn) return;
        // Remembered only now: a failure in between makes the next look ask again.
        this.seen = version;
        this.seenTag = answer.headers.get("ETag");
      }
    });
  }

  begin() {
    window.clearTimeout(this.timer);
    this.turn += 1;
    return this.turn;
  }

  async trying(turn, work) {
    try {
      await work();
      if (turn !== this.turn) return;
      this.failures = 0;
      this.state(true, this.moment);
    } catch {
      if (turn !== this.turn) return;
      this.failures += 1;
      this.state(false, this.moment);
    }
    if (!document.hidden) this.timer = window.setTimeout(() => this.look(), pause(this.failures));
  }

  async figures(turn) {
    const address = this.address();
    const answer = await this.fetched(address, address === this.asked ? this.tag : null);
    if (turn !== this.turn || answer.status === 304) return;
    const figures = await answer.json();
    if (turn !== this.turn) return;
    this.asked = address;
    this.tag = answer.headers.get("ETag");
    await this.changed(figures);
  }

  /** The answer, if it is 200 or 304; a redirect leads to the sign-in page, which is no answer. */
  async fetched(address, tag) {
    const answer = await fetch(address, {
      headers: tag ? { "If-None-Match": tag } : {},
      cache: "no-store",
      credentials: "same-origin",
    });
    if (answer.redirected || (answer.status !== 200 && answer.status !== 304)) {
      throw new Error(`${answer.status}`);
    }
    return answer;
  }
}
