/* The map under a form: outlines, one point, chosen by a tap, by Enter at the centre, or by its
   button. One file, so that a browser can keep it for later without a network. */
const MAINLAND = [[-4.2, 114.3], [-1.3, 116.6]];
const REACH = [[-6, 112.5], [0.5, 118.5]];
const NEAR = 12;

export function draw(root, form, { regencies, districts }) {
  const words = root.dataset;
  const decimals = Number(words.decimals);
  const status = root.querySelector("[data-status]");
  const [latitude, longitude] = ["latitude", "longitude"].map((name) => form.elements.namedItem(name));
  const map = L.map(root.querySelector("[data-frame]"), {
    maxBounds: REACH, zoomSnap: 0.5, minZoom: 6, maxZoom: 15, attributionControl: false, keyboardPanDelta: 40,
  });
  const outline = (part, className) => L.geoJSON(part, { interactive: false, style: { className, weight: 1 } }).addTo(map);
  outline(districts, "point-district");
  outline(regencies, "point-regency");
  for (const { properties } of regencies.features) name(map, properties);
  const pin = L.circleMarker([0, 0], { radius: 9, className: "point-pin", interactive: false });

  function choose({ lat, lng }) {
    const district = inside(districts.features, lng, lat);
    const regency = inside(regencies.features, lng, lat);
    if (!regency) {
      status.textContent = words.outside;
      return;
    }
    latitude.value = lat.toFixed(decimals);
    longitude.value = lng.toFixed(decimals);
    for (const field of [latitude, longitude]) field.dispatchEvent(new Event("input", { bubbles: true }));
    place(regency, district);
    show();
  }

  /** The region, where none was chosen yet, or the district within the chosen kabupaten or kota. */
  function place(regency, district) {
    const field = form.elements.namedItem(words.region);
    if (!field || (field.value && field.value !== regency.code)) return;
    for (const found of [district, regency]) {
      if (!found) continue;
      field.value = found.code;
      if (field.value) break;
    }
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function show() {
    const [lat, lng] = [latitude, longitude].map((field) => Number.parseFloat(field.value));
    if (!Number.isFinite(lat) || !Number.isFinite(lng)) {
      pin.remove();
      status.textContent = words.none;
      return;
    }
    pin.setLatLng([lat, lng]).addTo(map);
    const found = inside(regencies.features, lng, lat);
    const where = [districts, regencies].map((part) => inside(part.features, lng, lat)?.name).filter(Boolean);
    status.textContent = `${words.chosen} ${[`${lat.toFixed(decimals)}, ${lng.toFixed(decimals)}`, ...where].join(" · ")}${strays(found) ? ` – ${words.elsewhere}` : ""}`;
  }

  /** Whether the point lies in another kabupaten or kota than the region that was chosen. */
  function strays(found) {
    const chosen = form.elements.namedItem(words.region)?.value;
    return Boolean(found && chosen) && !`${chosen}.`.startsWith(`${found.code}.`);
  }

  function clear() {
    latitude.value = "";
    longitude.value = "";
    show();
  }

  map.on("click", (event) => choose(event.latlng));
  const frame = map.getContainer();
  frame.setAttribute("role", "application");
  frame.setAttribute("aria-label", words.label);
  frame.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target !== frame) return;
    // Enter in a form would send it.
    event.preventDefault();
    choose(map.getCenter());
  });
  const zooms = map.zoomControl.getContainer().children;
  [words.nearer, words.farther].forEach((text, index) => {
    zooms[index].title = text;
    zooms[index].setAttribute("aria-label", text);
  });
  root.querySelector("[data-centre]").addEventListener("click", () => choose(map.getCenter()));
  root.querySelector("[data-clear]").addEventListener("click", clear);
  for (const field of [latitude, longitude, form.elements.namedItem(words.region)]) field?.addEventListener("change", show);

  map.fitBounds(start(), { animate: false });
  show();
  if (map.hasLayer(pin)) map.setView(pin.getLatLng(), NEAR, { animate: false });
  return { focus: () => frame.focus({ preventScroll: true }) };

  /** Where the reader has already said that it is. */
  function start() {
    const code = form.elements.namedItem(words.region)?.value ?? "";
    const known = [...districts.features, ...regencies.features].find(({ properties }) => properties.code === code);
    return known ? L.geoJSON(known).getBounds() : MAINLAND;
  }
}

function name(map, { label: [longitude, latitude], short_name: text }) {
  const html = document.createElement("span");
  html.textContent = text;
  const icon = L.divIcon({ html, className: "point-name", iconSize: null });
  L.marker([latitude, longitude], { icon, interactive: false, keyboard: false }).addTo(map);
}

/** The properties of the feature around the point, or undefined. */
function inside(features, longitude, latitude) {
  return features.find(({ geometry }) => holds(geometry, longitude, latitude))?.properties;
}

function holds({ type, coordinates }, longitude, latitude) {
  const polygons = type === "MultiPolygon" ? coordinates : [coordinates];
  return polygons.some(([shell, ...holes]) => around(shell, longitude, latitude) && !holes.some((hole) => around(hole, longitude, latitude)));
}

/** Even-odd: how often a ray to the east crosses the ring. */
function around(ring, longitude, latitude) {
  let odd = false;
  for (let here = 0, before = ring.length - 1; here < ring.length; before = here++) {
    const [x, y] = ring[here];
    const [left, below] = ring[before];
    const crosses = y > latitude !== below > latitude;
    if (crosses && longitude < ((left - x) * (latitude - y)) / (below - y) + x) odd = !odd;
  }
  return odd;
}
