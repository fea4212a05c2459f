/* The wall: nobody touches it, so it says by itself how old its figures are and whether it still
   hears from the server. */
import { ageWords, freshness } from "./scale.js";
import { View, whenBorn, writeTexts } from "./view.js";

whenBorn((frame, map) => new Wall(frame, map).start());

class Wall {
  constructor(frame, map) {
    this.frame = frame;
    this.root = document.querySelector("[data-wall]");
    this.heard = Date.now();
    this.view = new View(frame, map, {
      query: () => frame.dataset.query,
      choose: () => {},
      drawn: (answer, update) => this.follow(answer, update),
      state: (ok, moment) => this.hear(ok, moment),
    });
  }

  async start() {
    this.root.querySelector("[data-full]").addEventListener("click", () => this.full());
    window.setInterval(() => this.tell(), 1000);
    await this.view.start();
  }

  full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  }

  async follow(answer, update) {
    this.asOf = answer.as_of && Date.parse(answer.as_of);
    writeTexts(document, answer.texts);
    if (update) {
      const address = `${window.location.pathname}?${this.frame.dataset.query}`;
      await window.htmx.ajax("GET", address, { target: "#dinding-angka", swap: "outerHTML" });
    }
    this.tell();
  }

  hear(ok, moment) {
    if (ok) this.heard = Date.now();
    if (moment) this.moment = Date.parse(moment);
    this.tell();
  }

  /** Ages in words, and the colour of the bar: green, amber or red. */
  tell() {
    const silent = Math.round((Date.now() - this.heard) / 1000);
    const old = this.asOf && this.moment ? Math.max(0, (this.moment - this.asOf) / 60000) : null;
    const { lang } = document.documentElement;
    const state = freshness({ silent, old });
    this.root.dataset.state = state;
    this.write("checked", ageWords(silent, lang));
    this.write("old", old === null ? "" : ageWords(old * 60, lang));
    this.write("verdict", this.root.dataset[state]);
  }

  write(name, text) {
    const place = this.root.querySelector(`[data-say="${name}"]`);
    if (place.textContent !== text) place.textContent = text;
  }
}
