/* The regions: their shapes, colours, labels, keys and the chosen one. */
import { placeLabels } from "./scale.js";

export class Regions {
  /** `choose(region)` is called when a person picks one. */
  constructor(map, choose) {
    this.map = map;
    this.choose = choose;
    this.shapes = new Map();
    this.figures = new Map();
    this.labels = [];
    this.selected = "";
    map.createPane("chosen").style.zIndex = 450;
    map.on("zoomend resize", () => this.label());
  }

  /** Draw another set of boundaries, with the outlines `around` them. */
  load(collection, around) {
    this.clear();
    this.around = around && this.layer(around, { className: "region-around", weight: 1, interactive: false });
    this.fills = this.layer(collection, { className: "region", weight: 1 });
    this.hatches = this.layer(collection, { className: "region-hatch", weight: 0, interactive: false });
    this.fills.eachLayer((shape) => this.shapes.set(shape.feature.properties.code, { shape }));
    this.hatches.eachLayer((hatch) => {
      this.shapes.get(hatch.feature.properties.code).hatch = hatch;
    });
  }

  layer(collection, style) {
    return L.geoJSON(collection, { ...style, style: () => style, smoothFactor: 0.4 }).addTo(this.map);
  }

  clear() {
    for (const layer of [this.around, this.fills, this.hatches, this.outline, ...this.labels]) layer?.remove();
    this.outline = null;
    this.shapes.clear();
    this.figures.clear();
    this.labels = [];
  }

  /** Colour the regions named in `codes` from the server's answer. */
  paint(regions, codes) {
    for (const region of regions) {
      const drawn = this.shapes.get(region.code);
      const known = this.figures.has(region.code);
      this.figures.set(region.code, region);
      if (!drawn || !codes.includes(region.code)) continue;
      const path = drawn.shape.getElement();
      path.setAttribute("class", `region leaflet-interactive fill-${region.style}`);
      drawn.hatch.getElement().classList.toggle("is-hatched", region.hatched);
      path.setAttribute("aria-label", `${region.name}: ${region.say}`);
      if (!known) this.awaken(path, drawn.shape, region.code);
    }
    this.label();
  }

  awaken(path, shape, code) {
    path.setAttribute("role", "button");
    path.setAttribute("tabindex", "0");
    path.dataset.code = code;
    const pick = () => this.choose(this.figures.get(code));
    shape.on("click", pick);
    path.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      pick();
    });
    const tip = document.createElement("span");
    shape.bindTooltip(() => this.say(tip, code), { sticky: true, className: "map-tip", direction: "top" });
  }

  say(tip, code) {
    const region = this.figures.get(code);
    const name = document.createElement("strong");
    name.textContent = region.name;
    const text = document.createElement("span");
    text.textContent = region.say;
    tip.replaceChildren(name, text);
    return tip;
  }

  /** The outline of the chosen one lies above all its neighbours. */
  select(code) {
    this.selected = code;
    this.outline?.remove();
    this.outline = null;
    for (const [own, { shape }] of this.shapes) {
      shape.getElement().setAttribute("aria-pressed", String(own === code));
      if (own !== code) continue;
      const style = { className: "region-chosen", pane: "chosen", weight: 3, interactive: false };
      this.outline = this.layer(shape.feature, style);
    }
  }

  bounds(code) {
    return (this.shapes.get(code)?.shape ?? this.fills).getBounds();
  }

  /** Names and figures, largest region first; a short name, or none, where two would overlap. */
  label() {
    this.labels.forEach((label) => label.remove());
    this.labels = [];
    const letters = this.letters();
    const wanted = [...this.shapes.keys()]
      .filter((code) => this.figures.has(code))
      .map((code) => this.prepare(code, letters))
      .sort((a, b) => b.size - a.size);
    const regencies = wanted.every(({ region }) => region.code.split(".").length === 2);
    const { x, y } = this.map.getSize();
    const found = placeLabels(wanted.map((label) => label.box), { frame: regencies && [x, y] });
    wanted.forEach((label, index) => {
      if (found[index]) this.labels.push(...this.write(label, found[index]).map((layer) => layer.addTo(this.map)));
    });
  }

  /** The size of the letters on this screen, in pixels: name and figure. */
  letters() {
    const probe = document.createElement("div");
    probe.className = "map-label";
    const parts = ["map-label-name", "map-label-value"].map((style) => {
      const part = document.createElement("span");
      part.className = style;
      return part;
    });
    probe.append(...parts);
    this.map.getPane("markerPane").append(probe);
    const sizes = parts.map((part) => parseFloat(getComputedStyle(part).fontSize));
    probe.remove();
    return sizes;
  }

  prepare(code, [small, large]) {
    const region = this.figures.get(code);
    const { shape } = this.shapes.get(code);
    const [lon, lat] = shape.feature.properties.label;
    const point = this.map.latLngToContainerPoint([lat, lon]);
    const path = shape.getElement().getBBox();
    const width = (name) => Math.max(name.length * 0.58 * small, region.text.length * 0.52 * large) + 6;
    const height = (small + large) * 1.15 + 1;
    return {
      region,
      place: [lat, lon],
      size: path.width * path.height,
      box: { x: point.x, y: point.y, full: [width(region.name_on_map), height], short: [width(region.short), height], room: [path.width, path.height] },
    };
  }

  /** The label, and where it stands beside its region a line that leads there. */
  write({ region, place, box }, { kind, dx, dy, inside }) {
    const aside = !inside;
    const at = dx || dy ? this.map.containerPointToLatLng([box.x + dx, box.y + dy]) : place;
    const html = document.createElement("span");
    const name = document.createElement("span");
    name.className = "map-label-name";
    name.textContent = kind === "full" ? region.name_on_map : region.short;
    const value = document.createElement("span");
    value.className = "map-label-value";
    value.textContent = region.text;
    html.append(name, value);
    const label = L.marker(at, {
      interactive: false,
      keyboard: false,
      icon: L.divIcon({ html, className: `map-label ${aside ? "is-aside" : `on-${region.style}`}`, iconSize: null }),
    });
    return aside ? [L.polyline([place, at], { className: "map-leader", pane: "chosen", interactive: false }), label] : [label];
  }
}
