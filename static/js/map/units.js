/* Units as points, gathered where they would cover one another (Leaflet.markercluster). */

export class Units {
  constructor(map, choose, word) {
    this.map = map;
    this.choose = choose;
    this.word = word;
    this.address = "";
  }

  /** Draw the units behind that address; none without one. */
  async show(address) {
    if (!address) {
      this.clear();
      return;
    }
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok) return;
    const { units } = await answer.json();
    this.clear();
    this.group = L.markerClusterGroup({
      maxClusterRadius: 36,
      showCoverageOnHover: false,
      animate: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
      iconCreateFunction: (cluster) => this.together(cluster),
    });
    for (const unit of units) this.group.addLayer(this.marker(unit));
    this.map.addLayer(this.group);
  }

  clear() {
    this.group?.remove();
    this.group = null;
  }

  together(cluster) {
    const number = cluster.getChildCount();
    const text = document.createElement("span");
    text.textContent = number;
    text.setAttribute("aria-label", `${number} ${this.word}`);
    text.setAttribute("role", "img");
    return L.divIcon({ html: text, className: "map-cluster", iconSize: [34, 34] });
  }

  marker(unit) {
    const dot = document.createElement("span");
    const marker = L.marker([unit.lat, unit.lon], {
      alt: `${unit.name}: ${unit.say}`,
      title: "",
      icon: L.divIcon({ html: dot, className: unit.place ? "map-unit-dot is-place" : "map-unit-dot", iconSize: [22, 22] }),
    });
    marker.on("add", () => {
      const element = marker.getElement();
      element.setAttribute("role", "button");
      element.setAttribute("aria-label", `${unit.name}: ${unit.say}`);
    });
    marker.bindTooltip(() => tip(unit), { className: "map-tip", direction: "top" });
    marker.on("click", () => this.choose(unit));
    return marker;
  }
}

function tip(unit) {
  const words = document.createElement("span");
  const name = document.createElement("strong");
  name.textContent = unit.name;
  const text = document.createElement("span");
  text.textContent = unit.say;
  words.append(name, text);
  return words;
}
