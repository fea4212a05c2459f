/* Finds data-behaviour="name …" in the page and in what htmx brings, and attaches js/behaviours/name.js. */
const addresses = new Map(
  document
    .querySelector('meta[name="behaviours"]')
    .content.split(",")
    .filter(Boolean)
    .map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
);
const attached = new WeakMap();

async function attach(element, name) {
  const names = attached.get(element) ?? new Set();
  if (names.has(name)) return;
  attached.set(element, names.add(name));
  const address = addresses.get(name);
  if (!address) throw new Error(`No behaviour is called ${name}`);
  const behaviour = await import(address);
  behaviour.attach(element);
  element.dataset.ready = [...names].join(" ");
}

function scan(root) {
  const elements = [...root.querySelectorAll("[data-behaviour]")];
  if (root.matches?.("[data-behaviour]")) elements.unshift(root);
  return Promise.all(
    elements.flatMap((element) =>
      element.dataset.behaviour.split(/\s+/).filter(Boolean).map((name) => attach(element, name)),
    ),
  );
}

document.addEventListener("htmx:load", (event) => scan(event.detail.elt));
await scan(document);
document.documentElement.dataset.ready = "true";
