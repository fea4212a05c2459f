/* A <details> menu closes on Escape, on a click elsewhere and when focus leaves it. */
export function attach(root) {
  const summary = root.querySelector("summary");
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && root.open) {
      root.open = false;
      summary.focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (root.open && !root.contains(event.target)) root.open = false;
  });
  root.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !root.contains(event.relatedTarget)) root.open = false;
  });
}
