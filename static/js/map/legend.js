/* The legend beside the map: each class, its words, and how many regions are in it. */

export function drawLegend(root, { title, bands, hatch, hatched }) {
  const heading = document.createElement("p");
  heading.className = "map-legend-title";
  heading.textContent = title;
  const list = document.createElement("ul");
  for (const band of bands) list.append(entry(`swatch fill-${band.style}`, band.label, band.count));
  if (hatched) list.append(entry("swatch is-hatch", hatch, hatched));
  root.replaceChildren(heading, list);
}

function entry(style, label, count) {
  const item = document.createElement("li");
  item.append(swatch(style), text("map-legend-label", label), text("map-legend-count", count));
  return item;
}

function swatch(style) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("class", "map-swatch");
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("viewBox", "0 0 22 14");
  const box = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  box.setAttribute("class", style);
  box.setAttribute("width", "22");
  box.setAttribute("height", "14");
  drawing.append(box);
  return drawing;
}

function text(style, words) {
  const part = document.createElement("span");
  part.className = style;
  part.textContent = words;
  return part;
}
