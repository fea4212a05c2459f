/* A point shown on a map instead of typed. Neither the map nor its outlines are fetched before somebody
   asks for it, except on a good line in the form that also works without a network. */
const SLOW = new Set(["slow-2g", "2g"]);

export function attach(root) {
  const words = root.dataset;
  const form = root.closest("form");
  const button = root.querySelector("[data-open]");
  const panel = root.querySelector("[data-panel]");
  const status = root.querySelector("[data-status]");
  let map = null;
  root.hidden = false;

  button.addEventListener("click", async () => {
    panel.hidden = !panel.hidden;
    button.setAttribute("aria-expanded", String(!panel.hidden));
    if (panel.hidden || map) return;
    status.textContent = words.loading;
    map = load().catch(() => {
      map = null;
      panel.hidden = true;
      button.setAttribute("aria-expanded", "false");
      status.textContent = words.failed;
    });
    (await map)?.focus();
  });

  async function load() {
    await Promise.all([style(words.style), style(words.ownStyle), script(words.leaflet)]);
    const [{ draw }, answer] = await Promise.all([import(words.module), fetch(words.outlines)]);
    if (!answer.ok) throw new Error(String(answer.status));
    return draw(root, form, await answer.json());
  }

  if ("offline" in words) keep(words);
}

function style(address) {
  return fetched("link", { rel: "stylesheet", href: address });
}

function script(address) {
  return globalThis.L ? Promise.resolve() : fetched("script", { src: address });
}

function fetched(kind, values) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(kind), values);
    element.addEventListener("load", resolve);
    element.addEventListener("error", reject);
    document.head.append(element);
  });
}

/** For later without a network: the map's files go into this browser, unless the line is a poor one. */
async function keep({ module, leaflet, style, ownStyle, outlines }) {
  const line = navigator.connection;
  if (!navigator.serviceWorker || line?.saveData || SLOW.has(line?.effectiveType)) return;
  const ready = await navigator.serviceWorker.ready;
  ready.active.postMessage({ keep: [module, leaflet, style, ownStyle, outlines] });
}
