/* What lies under the figures: land, coast and graticule. */
import { graticule, graticuleStep } from "./scale.js";

const FRAME = [112.5, -6, 118.5, 0.5];

export function drawBase(map, land, { tiles } = {}) {
  if (tiles) drawTiles(map, tiles);
  map.createPane("land").style.zIndex = 250;
  map.createPane("graticule").style.zIndex = 300;
  L.geoJSON(land, {
    pane: "land",
    interactive: false,
    smoothFactor: 0.5,
    style: { className: "map-land", weight: 1 },
  }).addTo(map);
  drawGraticule(map);
}

/** Streets from a PMTiles file, where the operator has one; its script is on the page only then. */
function drawTiles(map, address) {
  const dark = document.documentElement.dataset.bsTheme === "dark";
  protomapsL.leafletLayer({ url: address, flavor: dark ? "dark" : "light", lang: "id" }).addTo(map);
}

function drawGraticule(map) {
  const group = L.layerGroup().addTo(map);
  let drawn = null;
  const redraw = () => {
    const step = graticuleStep(map.getZoom());
    const box = map.getBounds().pad(0.1);
    const key = `${step} ${box.toBBoxString()}`;
    if (key === drawn) return;
    drawn = key;
    group.clearLayers();
    const edge = map.getBounds();
    for (const line of graticule(clip(box), step)) {
      group.addLayer(
        L.polyline(line.path, { pane: "graticule", interactive: false, className: "map-graticule", weight: 1 }),
      );
      const place = line.kind === "meridian" ? [edge.getNorth(), line.at] : [line.at, edge.getEast()];
      group.addLayer(tick(line, place));
    }
  };
  map.on("moveend zoomend resize", redraw);
  redraw();
}

function clip(bounds) {
  return [
    Math.max(FRAME[0], bounds.getWest()),
    Math.max(FRAME[1], bounds.getSouth()),
    Math.min(FRAME[2], bounds.getEast()),
    Math.min(FRAME[3], bounds.getNorth()),
  ];
}

function tick(line, place) {
  const text = document.createElement("span");
  text.textContent = line.text;
  return L.marker(place, {
    interactive: false,
    keyboard: false,
    icon: L.divIcon({ html: text, className: `map-tick map-tick-${line.kind}`, iconSize: null }),
  });
}
