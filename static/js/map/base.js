/* What lies under the figures: land, coast and graticule. */
import { SIDES, graticule, graticuleStep } from "./scale.js";

const FRAME = [112.5, -6, 118.5, 0.5];

// Pixels that a label of the graticule needs to the edges, and under it the buttons.
const EDGE = { side: 42, top: 26, bottom: 88 };

export function drawBase(map, land, frame) {
  if (frame.dataset.tiles) drawStreets(map, frame);
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

/** Streets from a PMTiles file, where the operator has one; its script is on the page only then. How
 *  deep the file goes stands in the file. Without it the map is drawn as if there were no streets. */
async function drawStreets(map, frame) {
  const { tiles, tileCredit } = frame.dataset;
  const dark = document.documentElement.dataset.bsTheme === "dark";
  try {
    const archive = new protomapsL.PmtilesSource(tiles, true).p;
    const { maxZoom } = await archive.getHeader();
    const streets = protomapsL.leafletLayer({
      url: archive,
      maxDataZoom: maxZoom,
      flavor: dark ? "dark" : "light",
      lang: "id",
      // Whom the operator names is named under the map.
      attribution: tileCredit ? "" : undefined,
    });
    streets.addTo(map);
  } catch {
    frame.classList.remove("has-tiles");
  }
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
    for (const line of graticule(clip(box), step, SIDES[document.documentElement.lang])) {
      group.addLayer(
        L.polyline(line.path, { pane: "graticule", interactive: false, className: "map-graticule", weight: 1 }),
      );
      if (cut(map, line)) continue;
      const place = line.kind === "meridian" ? [edge.getNorth(), line.at] : [line.at, edge.getEast()];
      group.addLayer(tick(line, place));
    }
  };
  map.on("moveend zoomend resize", redraw);
  redraw();
}

/** Whether the label would be cut by the edge or lie under the buttons. */
function cut(map, line) {
  const meridian = line.kind === "meridian";
  const { x, y } = map.latLngToContainerPoint(meridian ? [0, line.at] : [line.at, 0]);
  const size = map.getSize();
  return meridian ? x < EDGE.side || x > size.x - EDGE.side : y < EDGE.top || y > size.y - EDGE.bottom;
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
