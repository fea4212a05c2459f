/* A report is kept as a draft while one types. When the connection is lost the text stays in this
   browser and is sent when it is back; the button "Simpan draf" does the same without script. */
const QUIET = 1500;
const AGAIN = 10000;

export function attach(form) {
  const { key, draftUrl } = form.dataset;
  const status = form.querySelector("[data-status]");
  let timer = 0;
  let sending = false;
  let dirty = false;
  let leaving = false;
  let unloading = false;

  const typed = (field) => field.name && field.type !== "hidden" && field.type !== "submit";

  function keep() {
    const texts = [...form.elements].filter(typed).map((field) => [field.name, field.value]);
    try {
      window.localStorage.setItem(key, JSON.stringify(texts));
    } catch {
      // A full or forbidden store: the page itself still holds the text.
    }
  }

  function say(text, kind = "") {
    status.textContent = text;
    status.dataset.kind = kind;
  }

  function failed(text) {
    sending = false;
    dirty = true;
    keep();
    say(text, "danger");
    window.clearTimeout(timer);
    timer = window.setTimeout(send, AGAIN);
  }

  async function send() {
    window.clearTimeout(timer);
    if (sending || !dirty || leaving) return;
    sending = true;
    dirty = false;
    say(form.dataset.saving);
    let response;
    try {
      response = await fetch(draftUrl, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        redirect: "manual",
      });
    } catch {
      failed(form.dataset.offline);
      return;
    }
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
      failed(form.dataset.signedOut);
      return;
    }
    if (response.status >= 500) {
      failed(form.dataset.offline);
      return;
    }
    sending = false;
    const answer = await response.json();
    if (!response.ok) {
      keep();
      say(answer.sentence, "danger");
      return;
    }
    say(`${form.dataset.saved} ${answer.at}`, "success");
    if (dirty) send();
    // A page that is being fetched at this moment may not show what was just saved.
    else if (!unloading) window.localStorage.removeItem(key);
  }

  function changed() {
    dirty = true;
    keep();
    window.clearTimeout(timer);
    timer = window.setTimeout(send, QUIET);
  }

  const left = window.localStorage.getItem(key);
  if (left) {
    for (const [name, value] of JSON.parse(left)) {
      const field = form.elements.namedItem(name);
      if (field && "value" in field && field.value !== value) {
        field.value = value;
        if (value) field.closest("details")?.setAttribute("open", "");
      }
    }
    dirty = true;
    send();
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => {
    // What is being sent is kept here until the server has it: the page that follows forgets it.
    leaving = true;
    keep();
    window.setTimeout(() => {
      leaving = false;
    }, 8000);
  });
  window.addEventListener("online", send);
  window.addEventListener("beforeunload", () => {
    unloading = true;
  });
}
