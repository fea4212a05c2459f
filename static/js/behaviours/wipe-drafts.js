/* Signing out leaves no unsent text of minutes or reports behind in this browser. */
const KEPT = ["notula:", "kesiapan:"];

export function attach(form) {
  form.addEventListener("submit", () => {
    for (const key of Object.keys(window.localStorage)) {
      if (KEPT.some((prefix) => key.startsWith(prefix))) window.localStorage.removeItem(key);
    }
  });
}
