/* The clock on the wall of a rakor. The server says what time it is and when the item's time is up;
   from there the browser counts on its steady counter, whatever its own clock shows. */
const SECOND = 1000;
// The page asks every five seconds: after four answers that did not come it says so.
const STALE = 20 * SECOND;

export function attach(root) {
  const shown = performance.now();
  const started = Date.parse(root.dataset.now) - shown;
  const clock = root.querySelector("[data-clock]");
  const left = root.querySelector("[data-left]");
  const due = Date.parse(root.dataset.due);
  const face = new Intl.DateTimeFormat(document.documentElement.lang, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZone: "Asia/Makassar",
  });

  const tick = () => {
    if (!root.isConnected) return;
    const now = started + performance.now();
    clock.textContent = `${face.format(now)} WITA`;
    root.querySelector("[data-stale]").hidden = performance.now() - shown < STALE;
    if (left) show(left, Math.floor((due - now) / SECOND), root.dataset);
    // Each tick is set anew by the time that has passed, so none adds up its delay.
    window.setTimeout(tick, SECOND - (Math.floor(now) % SECOND));
  };
  tick();
}

function show(left, seconds, words) {
  const over = seconds < 0;
  const span = Math.abs(over ? seconds + 1 : seconds);
  const text = `${Math.floor(span / 60)}.${String(span % 60).padStart(2, "0")}`;
  left.querySelector("[data-left-time]").textContent = over ? `+${text}` : text;
  left.querySelector("[data-left-text]").textContent = over ? words.overWord : words.leftWord;
  left.classList.toggle("is-over", over);
}
