/* The slider over the days of the operation, with play. Knows nothing of the map: it says a moment,
   and waits until that moment has been drawn before it goes on. */
import { locale } from "../locale.js";
import { dayAt } from "./scale.js";

const STEP = 450;
const CALM_STEP = 1600;
const SETTLE = 150;

export class TimeBar {
  /** `go(moment)` shows a moment, "" for now; it answers when the moment is drawn. */
  constructor(root, go) {
    this.root = root;
    this.go = go;
    this.slider = root.querySelector("[data-slider]");
    this.button = root.querySelector("[data-play]");
    this.now = root.querySelector("[data-now]");
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    root.hidden = false;
    this.slider.addEventListener("input", () => this.moved());
    this.slider.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      this.toggle();
    });
    this.button.addEventListener("click", () => this.toggle());
    this.now.addEventListener("click", () => this.toNow());
    this.say();
  }

  get moment() {
    return dayAt(this.root.dataset.first, Number(this.slider.value));
  }

  /** While a finger drags, only the place where it rests is asked for. */
  moved() {
    this.stop();
    this.say();
    window.clearTimeout(this.settling);
    this.settling = window.setTimeout(() => this.go(this.moment), SETTLE);
  }

  toNow() {
    this.stop();
    this.slider.value = this.root.dataset.today;
    this.say();
    return this.go("");
  }

  toggle() {
    if (this.playing) this.stop();
    else this.play();
  }

  async play() {
    const turn = {};
    this.playing = turn;
    this.look();
    if (this.slider.value === this.slider.max) this.slider.value = 0;
    else this.slider.stepUp();
    while (this.playing === turn) {
      this.say();
      const shown = Promise.resolve(this.go(this.moment));
      await Promise.all([shown, rest(this.calm ? CALM_STEP : STEP)]);
      if (this.playing !== turn) return;
      if (this.slider.value === this.slider.max) this.stop();
      else this.slider.stepUp();
    }
  }

  stop() {
    this.playing = null;
    this.look();
  }

  look() {
    this.root.classList.toggle("is-playing", Boolean(this.playing));
    this.button.setAttribute("aria-pressed", String(Boolean(this.playing)));
  }

  /** The day in words, for the eye and for a screen reader. */
  say() {
    const day = new Intl.DateTimeFormat(locale, {
      weekday: "short",
      day: "numeric",
      month: "short",
      year: "numeric",
      timeZone: "UTC",
    }).format(new Date(`${this.moment}:00Z`));
    this.slider.setAttribute("aria-valuetext", day);
    this.root.querySelector("[data-day]").textContent = day;
  }
}

function rest(milliseconds) {
  return new Promise((resolve) => window.setTimeout(resolve, milliseconds));
}
