/* A report from the field is kept in this browser before it is sent, so that a lost connection loses
   nothing; what could not be sent is listed with the reason and sent when the network is back. */
import { all, get, put, remove } from "../field/queue.js";
import { send } from "../field/send.js";
import { locale } from "../locale.js";

const AGAIN = 30000;
const STALE = 120000;

export function attach(root) {
  const form = root.querySelector("form");
  const list = root.querySelector("[data-unsent]");
  const notice = root.querySelector("[data-notice]");
  const words = root.dataset;
  const ways = { address: words.api, page: words.page, detail: words.detail };
  const follows = words.follows ?? new URLSearchParams(window.location.search).get("lanjutan");
  let sending = false;

  /** A page kept for use without network is opened again and again, and so is one gone back to:
      every report has its own name. */
  function rename() {
    for (const name of ["client_key", "idempotency_key"]) {
      const field = form.elements.namedItem(name);
      if (field) field.value = crypto.randomUUID();
    }
  }

  /** A kept page offers the time of its drawing: it is moved on by the time since. */
  function moveOn() {
    const since = Date.now() - Date.parse(words.fresh);
    const field = form.elements.namedItem("occurred_at");
    if (since < STALE || !field.value) return;
    const now = new Date(Date.parse(`${field.value}Z`) + since);
    field.value = field.defaultValue = now.toISOString().slice(0, 16);
  }

  async function draw() {
    const rows = await all(words.owner);
    root.querySelector("[data-queue]").hidden = rows.length === 0;
    list.replaceChildren(...rows.map(line));
  }

  function line(report) {
    const item = document.createElement("li");
    const text = document.createElement("div");
    const title = document.createElement("strong");
    title.textContent = value(report, "title");
    const reason = document.createElement("span");
    reason.className = "soft";
    const photos = report.photos.length ? ` · ${report.photos.length} ${words.photoWord}` : "";
    reason.textContent = `${words.writtenWord} ${moment(report.written)}${photos} · ${report.reason}`;
    text.append(title, document.createElement("br"), reason);
    const buttons = document.createElement("div");
    buttons.className = "toolbar";
    buttons.append(
      button(words.sendWord, "btn-primary", () => sendAll()),
      button(words.openWord, "btn-outline-secondary", () => fill(report)),
      button(words.dropWord, "btn-link", () => drop(report)),
    );
    item.append(text, buttons);
    return item;
  }

  function button(label, kind, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `btn btn-sm ${kind}`;
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  }

  async function drop(report) {
    if (!window.confirm(words.dropQuestion)) return;
    await remove(report.key);
    await draw();
  }

  /** A kept report goes back into the form, photos included, to be mended. */
  function fill(report) {
    for (const [name, text] of report.values) {
      const field = form.elements.namedItem(name);
      if (!field) continue;
      if (field instanceof RadioNodeList) field.value = text;
      else if (field.type === "checkbox") field.checked = true;
      else field.value = text;
    }
    attachPhotos(report);
    form.scrollIntoView();
    form.elements.namedItem("title").focus();
  }

  function attachPhotos(report) {
    const files = new DataTransfer();
    for (const photo of report.photos) files.items.add(photo);
    form.elements.namedItem("photos").files = files.files;
  }

  /** The page that says what is wrong cannot give the photos back: they are taken from here. What
      was left unmended on another page is an unsent report like any other. */
  async function takeUp() {
    for (const report of (await all(words.owner)).filter((one) => one.mending)) {
      if (report.key === form.elements.namedItem("client_key").value) {
        attachPhotos(report);
        await remove(report.key);
      } else await put({ ...report, mending: false });
    }
  }

  function why(result) {
    if (result.state === "refused") return result.sentences.join(" ");
    return { network: words.offline, server: words.busy, "signed-out": words.signedOut }[result.why];
  }

  async function sendOne(report) {
    const result = await send(report, ways);
    if (result.state === "sent") await remove(report.key);
    else if (await get(report.key)) await put({ ...report, reason: why(result) });
    return result;
  }

  async function sendAll() {
    if (sending) return;
    sending = true;
    let sent = 0;
    let waits = "";
    try {
      for (const report of await all(words.owner)) {
        const result = await sendOne(report);
        if (result.state === "sent") sent += 1;
        if (result.state === "waiting") {
          waits = result.why;
          break;
        }
      }
    } finally {
      sending = false;
      await draw();
      if (sent) await tellSent(sent);
      else if (waits === "signed-out") say(words.keptSignedOut, "warning");
    }
  }

  async function tellSent(sent) {
    const left = (await all(words.owner)).length;
    if (left) say(words.sentSome.replace("SENT", sent).replace("LEFT", left), "warning");
    else say(words.sent, "success");
  }

  function say(text, kind) {
    notice.hidden = false;
    notice.className = `notice notice-${kind}`;
    notice.textContent = text;
  }

  async function keep() {
    const written = new Date();
    form.elements.namedItem("written_at").value = written.toISOString();
    const given = [...new FormData(form)];
    const report = {
      key: form.elements.namedItem("client_key").value,
      owner: words.owner,
      values: given.filter(([name, held]) => typeof held === "string" && name !== "csrfmiddlewaretoken"),
      photos: given.filter(([, held]) => typeof held !== "string" && held.size).map(([, held]) => held),
      written: written.toISOString(),
      reason: words.sending,
    };
    if (follows) report.values.push(["follows", follows]);
    await put(report);
    return report;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!form.reportValidity() || sending) return;
    sending = true;
    let report;
    try {
      report = await keep();
    } catch {
      // No store in this browser, or it is full: the report goes the plain way.
      form.submit();
      return;
    }
    event.submitter?.setAttribute("aria-busy", "true");
    const result = await sendOne(report);
    event.submitter?.removeAttribute("aria-busy");
    sending = false;
    if (result.state === "sent") {
      form.reset();
      rename();
      window.location.assign(result.url);
      return;
    }
    if (result.state === "refused") {
      // The page itself says what is wrong, at its field; the photos wait here until it is back.
      await put({ ...report, reason: why(result), mending: true });
      form.submit();
      return;
    }
    form.reset();
    rename();
    await draw();
    say(result.why === "signed-out" ? words.keptSignedOut : words.kept, "warning");
    notice.scrollIntoView();
  });

  if (words.fresh) {
    rename();
    moveOn();
  }
  window.addEventListener("online", sendAll);
  window.setInterval(() => {
    if (document.visibilityState === "visible") sendAll();
  }, AGAIN);
  takeUp().then(draw).then(sendAll);
  stay(words.worker);
}

function value(report, name) {
  return report.values.find(([held]) => held === name)?.[1] ?? "";
}

function moment(iso) {
  return new Date(iso).toLocaleString(locale, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: "Asia/Makassar",
  });
}

/** The form and what it is drawn with stay in this browser, for when the network is gone. */
async function stay(worker) {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register(worker, { scope: "/lapangan/" });
  const ready = await navigator.serviceWorker.ready;
  const drawn = performance.getEntriesByType("resource").map((entry) => entry.name);
  const own = drawn.filter((address) => new URL(address).pathname.startsWith("/static/"));
  ready.active.postMessage({ keep: [window.location.pathname, ...new Set(own)] });
}
