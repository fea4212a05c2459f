/* Pure: numbers and text in, numbers and text out. Knows neither the page nor Leaflet. */

/** Lines of a graticule every `step` degrees over [west, south, east, north]. */
export function graticule([west, south, east, north], step) {
  const lines = [];
  for (let lon = Math.ceil(west / step) * step; lon <= east; lon += step) {
    lines.push({ kind: "meridian", at: round(lon), text: degrees(lon, "BT", "BB"), path: [[south, lon], [north, lon]] });
  }
  for (let lat = Math.ceil(south / step) * step; lat <= north; lat += step) {
    lines.push({ kind: "parallel", at: round(lat), text: degrees(lat, "LU", "LS"), path: [[lat, west], [lat, east]] });
  }
  return lines;
}

/** 3°30′ LS: degrees and minutes, with the side of the equator or of Greenwich. */
export function degrees(value, positive, negative) {
  const minutes = Math.round(Math.abs(value) * 60);
  const whole = Math.floor(minutes / 60);
  const rest = minutes % 60;
  const text = rest ? `${whole}°${String(rest).padStart(2, "0")}′` : `${whole}°`;
  return minutes === 0 ? text : `${text} ${value > 0 ? positive : negative}`;
}

/** How many degrees between two lines of the graticule at a zoom. */
export function graticuleStep(zoom) {
  if (zoom >= 11) return 0.1;
  if (zoom >= 9.5) return 0.25;
  return zoom >= 8 ? 0.5 : 1;
}

/** Which label each box gets, in the order given: "full", "short", or none where it would overlap.
 *  A box is {x, y, full: [width, height], short: [width, height]}, x and y its middle. */
export function placeLabels(boxes, gap = 2) {
  const taken = [];
  return boxes.map((box) => {
    for (const kind of ["full", "short"]) {
      const [width, height] = box[kind];
      const edges = [box.x - width / 2, box.y - height / 2, box.x + width / 2, box.y + height / 2];
      if (taken.every((other) => apart(edges, other, gap))) {
        taken.push(edges);
        return kind;
      }
    }
    return "none";
  });
}

function apart(a, b, gap) {
  return a[2] + gap <= b[0] || b[2] + gap <= a[0] || a[3] + gap <= b[1] || b[3] + gap <= a[1];
}

/** The codes whose look differs between two answers of the server. */
export function changed(before, after) {
  const old = new Map((before ?? []).map((region) => [region.code, region]));
  return after
    .filter((region) => {
      const known = old.get(region.code);
      return !known || ["style", "hatched", "text", "say"].some((key) => known[key] !== region[key]);
    })
    .map((region) => region.code);
}

/** Milliseconds until the next question: quick while answers come, slower with each failure. */
export function pause(failures, base = 1000, most = 30000) {
  return Math.min(most, base * 2 ** Math.min(failures, 8));
}

/** The moment so many days after the first, both as "2024-08-24T20:00". */
export function dayAt(first, days) {
  const moment = new Date(`${first}:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment.toISOString().slice(0, 16);
}

/** How far a wall may be trusted: seconds since the server answered, minutes since the figures. */
export function freshness({ silent, old }) {
  if (silent >= 60 || (old !== null && old >= 1440)) return "stale";
  if (silent >= 10 || (old !== null && old >= 480)) return "old";
  return "fresh";
}

/** "3 menit yang lalu", in the greatest unit that is full. */
export function ageWords(seconds, language) {
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [unit, length] = units.find(([, long]) => seconds >= long) ?? units.at(-1);
  const format = new Intl.RelativeTimeFormat(language, { numeric: "always" });
  return format.format(-Math.floor(seconds / length), unit);
}

function round(value) {
  return Math.round(value * 1e6) / 1e6;
}
