/* Reports that could not be sent yet, kept in this browser: text and photos of one are one record. */
const NAME = "lapangan";
const STORE = "laporan";
const PAGES = "lapangan-1";

function open() {
  return new Promise((resolve, reject) => {
    const asked = window.indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function within(mode, act) {
  const base = await open();
  try {
    return await new Promise((resolve, reject) => {
      const change = base.transaction(STORE, mode);
      const asked = act(change.objectStore(STORE));
      change.oncomplete = () => resolve(asked?.result);
      change.onerror = () => reject(change.error);
      change.onabort = () => reject(change.error);
    });
  } finally {
    base.close();
  }
}

/** {key, owner, values: [[name, text]], photos: [File], written, reason} */
export function put(report) {
  return within("readwrite", (store) => store.put(report));
}

export function get(key) {
  return within("readonly", (store) => store.get(key));
}

export function remove(key) {
  return within("readwrite", (store) => store.delete(key));
}

/** What this person, acting as this post, has not sent yet; the oldest first. */
export async function all(owner) {
  const rows = await within("readonly", (store) => store.getAll());
  return rows.filter((row) => row.owner === owner).sort((a, b) => a.written.localeCompare(b.written));
}

export async function count() {
  return (await within("readonly", (store) => store.getAll())).length;
}

/** Nothing stays behind in this browser: neither reports nor the page kept for use without network. */
export async function wipe() {
  await within("readwrite", (store) => store.clear());
  await window.caches?.delete(PAGES);
}
