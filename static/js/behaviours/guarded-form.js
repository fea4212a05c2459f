/* A form is sent once per click, and leaving it with unsaved text asks first. */
export function attach(root) {
  let changed = false;
  let sent = false;
  root.addEventListener("input", () => {
    changed = true;
  });
  root.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    event.submitter?.setAttribute("aria-busy", "true");
    // Coming back with the browser's back button must find a form that works.
    window.setTimeout(() => {
      sent = false;
      event.submitter?.removeAttribute("aria-busy");
    }, 8000);
  });
  if ("unsaved" in root.dataset) {
    window.addEventListener("beforeunload", (event) => {
      if (changed && !sent) event.preventDefault();
    });
  }
  root.querySelector(".is-invalid")?.focus();
}
