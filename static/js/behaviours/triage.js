/* Sorting by keyboard. j and k move, x ticks, Enter opens, a ticks all, 1–9 choose a quick reason and
   go to the button, l goes to the incident's number. Nothing is sent but by the button. */
export function attach(form) {
  const rows = () => [...document.querySelectorAll("[data-item]")];
  const ticks = () => [...form.elements].filter((element) => element.name === "ids" && element.type === "checkbox");
  const count = form.querySelector("[data-count]");
  const act = form.elements.act;
  const said = count.textContent;
  const hint = document.querySelector("[data-triage-keys]");
  if (hint) hint.hidden = false;

  const show = () => {
    const chosen = ticks().filter((tick) => tick.checked);
    for (const tick of ticks()) tick.closest("[data-item]").toggleAttribute("data-chosen", tick.checked);
    count.textContent = said.replace(/\d+/, chosen.length);
    for (const part of form.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== act.value;
  };
  const here = () => rows().findIndex((row) => row.contains(document.activeElement));
  const move = (step) => {
    const all = rows();
    const next = Math.min(Math.max(here() + step, 0), all.length - 1);
    all[next]?.querySelector("[data-open]").focus();
  };
  const choose = (value) => {
    act.value = value;
    show();
  };
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    x: () => rows()[here()]?.querySelector("[name=ids]").click(),
    a: () => {
      const every = ticks().every((tick) => tick.checked);
      for (const tick of ticks()) tick.checked = !every;
      show();
    },
    l: () => {
      choose("kaitkan");
      form.elements.incident.focus();
    },
  };
  document.addEventListener("keydown", (event) => {
    if (!form.isConnected || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog, summary")) return;
    if (/^[1-9]$/.test(event.key)) {
      const reason = form.elements.reason.options[Number(event.key)];
      if (!reason) return;
      choose("sisihkan");
      if (!ticks().some((tick) => tick.checked)) keys.x();
      form.elements.reason.value = reason.value;
      form.querySelector("button").focus();
      event.preventDefault();
    } else if (keys[event.key]) {
      keys[event.key]();
      event.preventDefault();
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target === act || event.target.name === "ids") show();
  });
  show();
}
