/* A list by keyboard: j and k move between entries, Enter opens, e presses the entry's button. */
export function attach(root) {
  const links = () => [...root.querySelectorAll("[data-item] [data-open]")];
  const hint = document.querySelector("[data-list-keys]");
  if (hint) hint.hidden = false;
  document.addEventListener("keydown", (event) => {
    if (!root.isConnected || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog, summary")) return;
    const all = links();
    const here = all.findIndex((link) => link.closest("[data-item]").contains(document.activeElement));
    if (event.key === "j" || event.key === "k") {
      const next = event.key === "j" ? Math.min(here + 1, all.length - 1) : Math.max(here - 1, 0);
      all[next]?.focus();
      event.preventDefault();
    }
    if (event.key === "e" && here >= 0) {
      all[here].closest("[data-item]").querySelector("[data-mark]")?.click();
      event.preventDefault();
    }
  });
}
