/* The map page: the form chooses, the map, its table and its panel follow. */
import { TimeBar } from "./time.js";
import { View, whenBorn, writeTexts } from "./view.js";

whenBorn((frame, map) => new MapPage(frame, map).start());

class MapPage {
  constructor(frame, map) {
    this.frame = frame;
    this.form = document.getElementById(frame.dataset.form);
    this.panel = document.getElementById(frame.dataset.panel);
    this.view = new View(frame, map, {
      query: () => this.query(),
      choose: (region) => this.open(region.panel, region.code),
      drawn: (answer, update) => this.follow(answer, update),
      state: (ok) => this.connection(ok),
    });
    const bar = document.querySelector("[data-time]");
    this.bar = bar && new TimeBar(bar, (moment) => this.at(moment));
  }

  async start() {
    this.listen();
    await this.view.start();
  }

  listen() {
    this.form.querySelector("[data-submit]").hidden = true;
    this.form.addEventListener("change", () => this.choose());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.choose();
    });
    document.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      const near = event.target.closest("button[data-zoom]");
      if (near) {
        this.view.near(near.dataset.zoom);
        this.frame.scrollIntoView({ block: "nearest" });
        return;
      }
      const link = event.target.closest("a[data-within], a[data-region], a[data-sort]");
      if (!link) return;
      event.preventDefault();
      if ("within" in link.dataset) this.enter(link.dataset.within);
      else if ("sort" in link.dataset) this.sort(link.dataset.sort);
      else this.open(link.href, link.dataset.region);
    });
  }

  query() {
    const chosen = [...new FormData(this.form)].filter(([, value]) => value);
    return new URLSearchParams(chosen).toString();
  }

  address() {
    return `${this.form.getAttribute("action")}?${this.query()}`;
  }

  /** The address that shows the same again, with the region whose panel is open. */
  here() {
    const { code, address } = this.panel.dataset;
    return code ? `${address.split("?")[0]}?${this.query()}` : this.address();
  }

  /** The same choice as an address: it can be shared, and reloading shows the same. */
  async choose() {
    this.remember(this.here());
    this.followLinks();
    await this.view.ask();
    await this.refreshPanel();
  }

  remember(address) {
    window.history.replaceState(window.history.state, "", address);
    document.querySelector("a[data-here]").href = window.location.href;
  }

  /** Files, comparison and wall are asked for with what is chosen now. */
  followLinks() {
    this.countFolded();
    document.querySelectorAll("a[data-follows]").forEach((link) => {
      const own = new URLSearchParams(link.dataset.follows);
      const chosen = new URLSearchParams(this.query());
      for (const [name, value] of own) chosen.set(name, value);
      link.href = `${link.pathname}?${chosen}`;
    });
  }

  /** How many choices are made that lie folded away. */
  countFolded() {
    const made = [...this.form.querySelectorAll("[data-more] :is(select, input)")].filter((field) => field.value);
    this.form.querySelector("[data-more-count]").textContent = made.length ? `(${made.length})` : "";
  }

  at(moment) {
    this.form.elements.at.value = moment;
    return this.choose();
  }

  enter(code) {
    this.form.elements.within.value = code;
    return this.choose();
  }

  sort(order) {
    this.form.elements.sort.value = order;
    this.remember(this.here());
    this.followLinks();
    return this.refreshTable();
  }

  /** Words, table and panel after the drawing. */
  async follow(answer, update) {
    this.view.regions.select(this.panel.dataset.code ?? "");
    writeTexts(document, answer.texts);
    this.frame.classList.toggle("is-past", Boolean(answer.texts.moment));
    if (!update) return;
    await this.refreshTable();
    await this.refreshPanel();
  }

  refreshTable() {
    return window.htmx.ajax("GET", this.address(), { target: "#peta-tabel", swap: "outerHTML" });
  }

  /** Of the region that was opened, else of the whole that the map shows. */
  refreshPanel() {
    const code = this.panel.dataset.code || this.form.elements.within.value;
    const path = this.panel.dataset.address.split("?")[0].replace(/[^/]+\/$/, `${code}/`);
    return window.htmx.ajax("GET", `${path}?${this.query()}`, { target: this.panel, swap: "innerHTML" });
  }

  /** Show one region's figures beside the map. */
  async open(address, code) {
    this.panel.dataset.address = address;
    this.panel.dataset.code = code;
    this.view.regions.select(code);
    await this.refreshPanel();
    this.remember(this.here());
    const heading = this.panel.querySelector("[data-heading]");
    heading?.focus({ preventScroll: true });
    if (window.matchMedia("(max-width: 81.99rem)").matches) {
      this.panel.scrollIntoView({ block: "start" });
    }
  }

  connection(ok) {
    this.frame.classList.toggle("is-stale", !ok);
    this.frame.querySelector("[data-broken]").hidden = ok;
    const live = this.frame.querySelector("[data-live]");
    live.hidden = !ok || Boolean(this.form.elements.at.value);
  }
}
