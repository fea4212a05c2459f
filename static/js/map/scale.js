/* Pure: numbers and text in, numbers and text out. Knows neither the page nor Leaflet. */

/** North, south, east and west of the lines, by language. */
export const SIDES = { id: ["LU", "LS", "BT", "BB"], en: ["N", "S", "E", "W"] };

/** Lines of a graticule every `step` degrees over [west, south, east, north]. */
export function graticule([west, south, east, north], step, [n, s, e, w] = SIDES.id) {
  const lines = [];
  for (let lon = Math.ceil(west / step) * step; lon <= east; lon += step) {
    lines.push({ kind: "meridian", at: round(lon), text: degrees(lon, e, w), path: [[south, lon], [north, lon]] });
  }
  for (let lat = Math.ceil(south / step) * step; lat <= north; lat += step) {
    lines.push({ kind: "parallel", at: round(lat), text: degrees(lat, n, s), path: [[lat, west], [lat, east]] });
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

/** Where the label of each box goes, in the order given: {kind: "full" or "short", dx, dy} from the
 *  box's point, or null where it would overlap. A box is {x, y, full: [width, height], short: …} and
 *  may have `room`, the extent inside which its label may give way: then `inside` is true. With
 *  `frame`, [width, height], one that finds no room there is put beside it. */
export function placeLabels(boxes, { gap = 2, frame = null } = {}) {
  const taken = [];
  const attempt = (box, kind, dx, dy) => {
    const [width, height] = box[kind];
    const [x, y] = [box.x + dx, box.y + dy];
    const edges = [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
    if (!taken.every((other) => apart(edges, other, gap))) return null;
    if (frame && (dx || dy) && !within(edges, frame)) return null;
    taken.push(edges);
    return { kind, dx, dy };
  };
  const inPlace = (box) => {
    for (const kind of ["full", "short"]) {
      for (const [dx, dy] of nudges(box.room)) {
        const found = attempt(box, kind, dx, dy);
        if (found) return { ...found, inside: true };
      }
    }
    return null;
  };
  const placed = boxes.map(inPlace);
  if (!frame) return placed;
  return placed.map((found, index) => {
    if (found) return found;
    for (const [dx, dy] of beside(boxes[index].full)) {
      const put = attempt(boxes[index], "full", dx, dy);
      if (put) return put;
    }
    return null;
  });
}

/** Small steps from a point, none of them out of the middle half of the room around it. */
function nudges([width, height] = [0, 0]) {
  const across = [0, 12, -12, 24, -24, 36, -36].filter((step) => Math.abs(step) <= width / 4);
  const down = [0, 12, -12, 24, -24].filter((step) => Math.abs(step) <= height / 4);
  const steps = across.flatMap((dx) => down.map((dy) => [dx, dy]));
  return steps.sort((a, b) => Math.hypot(...a) - Math.hypot(...b));
}

/** Steps from a point to the middle of a label beside it, the nearest first. */
function beside([width, height], space = 14) {
  const [across, down] = [width / 2 + space, height / 2 + space];
  return [1, 1.6, 2.4].flatMap((far) =>
    [[-1, 0], [1, 0], [0, -1], [0, 1], [-1, 1], [-1, -1], [1, 1], [1, -1]].map(([x, y]) => [
      x * across * far,
      y * down * far,
    ]),
  );
}

function within([left, top, right, bottom], [width, height]) {
  return left >= 4 && top >= 20 && right <= width - 4 && bottom <= height - 4;
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
