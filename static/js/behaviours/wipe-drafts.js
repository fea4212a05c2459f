/* Signing out leaves nothing unsent behind in this browser; of whole reports it asks first. */
import { count, wipe } from "../field/queue.js";

const KEPT = ["notula:", "kesiapan:"];

export function attach(form) {
  let wiped = false;
  form.addEventListener("submit", async (event) => {
    if (wiped) return;
    event.preventDefault();
    for (const key of Object.keys(window.localStorage)) {
      if (KEPT.some((prefix) => key.startsWith(prefix))) window.localStorage.removeItem(key);
    }
    if (await emptied(form.dataset.unsent)) {
      wiped = true;
      form.submit();
    }
  });
}

/** Whether the reports of the field are gone: there were none, or the person said so. */
async function emptied(question) {
  try {
    if ((await count()) && !window.confirm(question)) return false;
    await wipe();
  } catch {
    // A browser without a store keeps nothing.
  }
  return true;
}
