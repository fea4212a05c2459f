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
        form.elements.namedItem("latitude").value = coords.latitude.toFixed(5);
        form.elements.namedItem("longitude").value = coords.longitude.toFixed(5);
        note.textContent = `${root.dataset.found} ±${Math.round(coords.accuracy)} m`;
      },
      () => {
        note.textContent = root.dataset.denied;
      },
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 },
    );
  });
}
