/* Two maps side by side that move together; each is drawn from its own question. */
import { View, whenBorn, writeTexts } from "./view.js";

const views = [];

whenBorn((frame, map) => {
  const view = new View(frame, map, {
    query: () => frame.dataset.query,
    choose: (region) => select(region.code),
    drawn: (answer, update) => {
      writeTexts(frame, answer.texts);
      if (update) return refreshTable();
      return together(view);
    },
    state: (ok) => {
      frame.querySelector("[data-broken]").hidden = ok;
    },
  });
  views.push(view);
  view.start();
});

/** Moving one moves the other; the one that follows does not lead in turn. */
function together(view) {
  if (view.joined) return;
  view.joined = true;
  view.map.on("move", () => {
    if (view.following) return;
    for (const other of views) {
      if (other === view || !other.joined) continue;
      other.following = true;
      other.map.setView(view.map.getCenter(), view.map.getZoom(), { animate: false });
      other.following = false;
    }
  });
}

/** The same region on both maps, and its line in the table. */
function select(code) {
  for (const view of views) view.regions.select(code);
  document.querySelectorAll("#peta-banding tr").forEach((row) => {
    row.classList.toggle("is-chosen", row.dataset.code === code);
  });
  document.querySelector(`#peta-banding tr[data-code="${CSS.escape(code)}"]`)?.scrollIntoView({ block: "nearest" });
}

function refreshTable() {
  return window.htmx.ajax("GET", window.location.href, {
    target: "#peta-banding",
    select: "#peta-banding",
    swap: "outerHTML",
  });
}
