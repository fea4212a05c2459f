/* One map: Leaflet's frame with base, regions, units and legend, drawn from the server's answers. */
import { drawBase } from "./base.js";
import { Feed } from "./feed.js";
import { drawLegend } from "./legend.js";
import { Regions } from "./regions.js";
import { Units } from "./units.js";
import { changed } from "./scale.js";

// The mainland: the far islets of Kotabaru would waste half of the frame.
const MAINLAND = [[-4.2, 114.3], [-1.3, 116.6]];
const REACH = [[-6, 112.5], [0.5, 118.5]];

function outlines(address) {
  return fetch(address).then((answer) => answer.json());
}

export class View {
  /** `query()` says what is asked for; `choose(region)` when a person picks one; `drawn(answer,
   *  update)` after each drawing; `state(ok, moment)` when the server answered or did not. */
  constructor(frame, map, { query, choose, drawn, state }) {
    this.frame = frame;
    this.map = map;
    this.drawnTo = drawn;
    this.answer = null;
    this.outlines = "";
    this.regions = new Regions(map, choose);
    this.units = new Units(map, choose, frame.dataset.unitWord);
    this.feed = new Feed({
      address: () => `${frame.dataset.source}?${query()}`,
      version: () => `${frame.dataset.version}?${query()}`,
      changed: (answer) => this.show(answer),
      state,
    });
  }

  async start() {
    this.behave();
    drawBase(this.map, await outlines(this.frame.dataset.land), this.frame);
    this.frame.querySelector("[data-fit]")?.addEventListener("click", () => this.fit());
    new ResizeObserver(() => this.refit()).observe(this.map.getContainer());
    await this.feed.ask();
  }

  /** Limits and manners of the map itself. */
  behave() {
    const { map } = this;
    map.options.zoomSnap = 0.25;
    map.options.zoomDelta = 0.5;
    map.setMaxBounds(REACH);
    map.fitBounds(MAINLAND, { animate: false });
    map.zoomControl.setPosition("bottomright");
    const { nearer, farther } = this.frame.dataset;
    [nearer, farther].forEach((words, index) => {
      const button = map.zoomControl.getContainer().children[index];
      button.title = words;
      button.setAttribute("aria-label", words);
    });
    const container = map.getContainer();
    container.setAttribute("role", "region");
    container.setAttribute("aria-label", this.frame.dataset.label);
    // A page that is being scrolled must not get stuck on the map.
    map.scrollWheelZoom.disable();
    map.on("focus click", () => map.scrollWheelZoom.enable());
    map.on("blur", () => map.scrollWheelZoom.disable());
    if (window.matchMedia("(pointer: coarse)").matches) {
      map.dragging.disable();
      map.on("zoomend", () => map.dragging[map.getZoom() > this.home + 0.1 ? "enable" : "disable"]());
    }
    this.home = map.getZoom();
  }

  /** Draw the server's answer; only what differs is touched. */
  async show(answer) {
    const first = this.outlines !== answer.boundaries;
    if (first) {
      const inside = answer.level !== "regency";
      const [collection, around] = await Promise.all([
        outlines(answer.boundaries),
        inside ? outlines(answer.around) : null,
      ]);
      this.regions.load(collection, around);
      this.outlines = answer.boundaries;
      this.answer = null;
    }
    this.regions.paint(answer.regions, changed(this.answer?.regions, answer.regions));
    drawLegend(this.frame.querySelector("[data-legend]"), answer.legend);
    await this.units.show(answer.units);
    if (first) this.fit(answer.level);
    const update = this.answer !== null || this.shown === true;
    this.answer = answer;
    this.shown = true;
    await this.drawnTo(answer, update);
    this.frame.dataset.level = answer.level;
    this.frame.dataset.moment = answer.texts.moment;
    this.frame.dataset.ready = "true";
  }

  fit(level = this.answer.level) {
    // The frame may have grown or shrunk since Leaflet measured it.
    this.map.invalidateSize({ animate: false });
    const area = level === "regency" ? L.latLngBounds(MAINLAND) : this.regions.bounds().pad(0.05);
    this.map.fitBounds(area, { animate: false });
    this.home = this.map.getZoom();
    this.middle = this.map.getCenter();
  }

  /** The frame has another size, as when words above it took a second line: what was seen whole is
   *  seen whole again, and where a person has moved the map, it stays. */
  refit() {
    const { map } = this;
    const { clientWidth, clientHeight } = map.getContainer();
    // Hidden, or between two sizes: there is nothing to fit into.
    if (!clientWidth || !clientHeight) return;
    const away = !this.middle || map.getZoom() !== this.home || !map.getCenter().equals(this.middle);
    if (away || !this.answer) map.invalidateSize({ animate: false });
    else this.fit();
  }

  /** Look at one region from near: its places lie apart. */
  near(code) {
    this.map.fitBounds(this.regions.bounds(code).pad(0.15), { animate: false });
  }

  /** Ask again for what is chosen now. */
  ask() {
    this.frame.removeAttribute("data-ready");
    return this.feed.ask();
  }
}

/** Write the answer's words wherever the page says `data-text`; empty ones are hidden. */
export function writeTexts(root, texts) {
  for (const [name, text] of Object.entries(texts)) {
    root.querySelectorAll(`[data-text="${name}"]`).forEach((place) => {
      place.textContent = text;
      if ("emptyHidden" in place.dataset) place.hidden = !text;
    });
  }
}

/** Call `made(frame, map)` for each map of the page, as django-leaflet brings it to life. */
export function whenBorn(made) {
  window.addEventListener("map:init", (event) => {
    const frame = document.querySelector(`[data-map="${event.detail.id}"]`);
    if (frame) made(frame, event.detail.map);
  });
}
