/* The phone's own position, and the district that it lies in, with one tap. */
export function attach(root) {
  const form = root.closest("form");
  const note = root.querySelector("[data-note]");
  root.hidden = false;
  root.querySelector("button").addEventListener("click", () => {
    if (!navigator.geolocation) {
      note.textContent = root.dataset.denied;
      return;
    }
    note.textContent = root.dataset.looking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        for (const name of ["latitude", "longitude"]) {
          const field = form.elements.namedItem(name);
          field.value = coords[name].toFixed(5);
          // An open map shows the point, and says so when it lies outside the region chosen.
          field.dispatchEvent(new Event("change", { bubbles: true }));
        }
        note.textContent = `${root.dataset.found} ±${Math.round(coords.accuracy)} m`;
      },
      () => {
        note.textContent = root.dataset.denied;
      },
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 },
    );
  });
}
