/* A passage of the minutes is saved while one types. When the connection is lost its text is kept
   in this browser and sent when it is back; the server joins it with what others wrote meanwhile. */
const QUIET = 1200;
const AGAIN = 10000;
const SEEN = 20000;

export function attach(form) {
  const { key, seen } = form.dataset;
  const status = form.querySelector("[data-status]");
  const line = form.querySelector("[data-others-line]");
  const base = form.querySelector("[name$='-base']");
  const token = form.querySelector("[name=csrfmiddlewaretoken]");
  let timer = 0;
  let sending = false;
  let dirty = false;
  let applying = false;

  const inputs = () =>
    [...form.elements].filter((field) => field.name && field !== base && field !== token && field.type !== "hidden");
  const texts = () => inputs().map((field) => [field.name, field.value, field.type === "checkbox" ? field.checked : null]);

  function keep() {
    if (!key) return;
    const draft = { base: base.value, texts: texts() };
    try {
      window.localStorage.setItem(key, JSON.stringify(draft));
    } catch {
      // A full or forbidden store: the page itself still holds the text.
    }
  }

  function forget() {
    if (key) window.localStorage.removeItem(key);
  }

  function say(text, kind = "") {
    status.textContent = text;
    status.dataset.kind = kind;
  }

  function warn(others) {
    line.hidden = others.length === 0;
    line.textContent = others.length ? `${form.dataset.others} ${others.join(", ")}` : "";
  }

  function put(values) {
    applying = true;
    const prefix = base.name.slice(0, -"base".length);
    for (const [name, value] of Object.entries(values)) {
      const field = form.elements.namedItem(prefix + name);
      if (field && "value" in field && typeof value === "string" && field.value !== value) {
        field.value = value;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }
    applying = false;
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
    if (sending || !dirty) return;
    sending = true;
    dirty = false;
    say(form.dataset.saving);
    let response;
    try {
      response = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        redirect: "manual",
      });
    } catch {
      failed(key ? form.dataset.offline : form.dataset.unkept);
      return;
    }
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
      failed(key ? form.dataset.signedOut : form.dataset.unkept);
      return;
    }
    if (response.status >= 500) {
      failed(key ? form.dataset.offline : form.dataset.unkept);
      return;
    }
    const answer = await response.json();
    sending = false;
    if (!response.ok) {
      // What the server refuses stays in the form, and in this browser, for its writer to decide.
      keep();
      say(answer.sentence, "danger");
      return;
    }
    if (!answer.merged) base.value = answer.version;
    else if (!dirty) {
      put(answer.values);
      base.value = answer.version;
    }
    const notes = answer.clashed ? form.dataset.clashed : answer.merged ? form.dataset.merged : "";
    say(`${form.dataset.saved} ${answer.at}${notes ? ` · ${notes}` : ""}`, answer.clashed ? "warning" : "success");
    warn(answer.others);
    if (dirty) send();
    else forget();
  }

  async function look() {
    if (!seen || !form.contains(document.activeElement)) return;
    try {
      const response = await fetch(seen, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": token.value },
        credentials: "same-origin",
        redirect: "manual",
      });
      if (response.ok) warn((await response.json()).others);
    } catch {
      // Without a connection nobody can be warned; the saving says so.
    }
  }

  function typed() {
    if (applying) return;
    dirty = true;
    keep();
    window.clearTimeout(timer);
    timer = window.setTimeout(send, QUIET);
  }

  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  form.addEventListener("focusin", look);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    dirty = true;
    send();
  });
  window.setInterval(look, SEEN);
  window.addEventListener("online", send);
  window.addEventListener("beforeunload", (event) => {
    if ((dirty || sending) && !key) event.preventDefault();
  });

  const left = key ? window.localStorage.getItem(key) : null;
  if (left) {
    const draft = JSON.parse(left);
    applying = true;
    for (const [name, value, checked] of draft.texts) {
      for (const field of inputs()) {
        if (field.name !== name) continue;
        if (checked === null) field.value = value;
        else if (field.value === value) field.checked = checked;
      }
    }
    applying = false;
    // On that version the text was written: the server joins it with what came since.
    base.value = draft.base;
    dirty = true;
    send();
  }
}
