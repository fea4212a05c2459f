/* The public's form: the browser does a little work before it sends (ALTCHA's proof of work), the
   kecamatan follow the kabupaten, and the place may come from the telephone. Without this script the
   question at the end does the same service. */
const text = new TextEncoder();
const LIMIT = 20000;

const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function derived({ nonce, salt, cost, keyLength }, counter) {
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  new DataView(password.buffer).setUint32(nonce.length, counter);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  return crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: cost }, key, keyLength * 8);
}

/* The payload that the server checks, or "" where the browser cannot do it. */
async function solve(challenge) {
  const given = challenge.parameters;
  const known = { ...given, nonce: bytes(given.nonce), salt: bytes(given.salt) };
  for (let counter = 0; counter < LIMIT; counter += 1) {
    const key = hex(await derived(known, counter));
    if (key.startsWith(given.keyPrefix)) {
      return btoa(JSON.stringify({ challenge, solution: { counter, derivedKey: key } }));
    }
  }
  return "";
}

function prove(form) {
  if (!globalThis.crypto?.subtle) return;
  const question = form.querySelector("[data-question]");
  const status = form.querySelector("[data-status]");
  question.hidden = true;
  const solved = solve(JSON.parse(form.dataset.puzzle)).catch(() => "");
  let sent = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.proof.value || !question.hidden) return;
    event.preventDefault();
    if (sent) return;
    sent = true;
    status.textContent = form.dataset.working;
    form.elements.proof.value = await solved;
    question.hidden = Boolean(form.elements.proof.value);
    sent = false;
    status.textContent = "";
    // Not while the first submit is still being told around: the browser would ignore it.
    if (form.elements.proof.value) setTimeout(() => form.requestSubmit());
  });
}

/* The same form is not sent again while its answer is on the way. */
function once(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (sent) event.preventDefault();
    sent = true;
    setTimeout(() => (sent = false), 8000);
  });
}

function districts(form) {
  const regency = form.elements.regency;
  const district = form.elements.district;
  const groups = [...district.querySelectorAll("optgroup")];
  const follow = () => {
    const code = regency.value;
    for (const group of groups) {
      const own = group.firstElementChild?.value.startsWith(`${code}.`);
      group.hidden = group.disabled = Boolean(code) && !own;
    }
    if (code && district.value && !district.value.startsWith(`${code}.`)) district.value = "";
  };
  regency.addEventListener("change", follow);
  follow();
}

function contact(form) {
  const part = form.querySelector("[data-contact]");
  const show = () => (part.hidden = form.elements.known.value !== "kontak");
  form.addEventListener("change", show);
  show();
}

function here(form) {
  const part = form.querySelector("[data-here]");
  if (!navigator.geolocation) return;
  part.hidden = false;
  const status = part.querySelector("[role=status]");
  part.querySelector("button").addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.latitude.value = coords.latitude.toFixed(3);
        form.elements.longitude.value = coords.longitude.toFixed(3);
        form.querySelector(".public-point").open = true;
        status.textContent = form.dataset.found;
      },
      () => (status.textContent = form.dataset.lost),
      { timeout: 15000, maximumAge: 60000 },
    );
  });
}

export function attach(form) {
  prove(form);
  once(form);
  districts(form);
  contact(form);
  here(form);
  form.querySelector(".is-invalid")?.focus();
}
