/* Says so when a fragment that somebody asked for did not come; a poll neither says nor unsays it. */
function asked(event) {
  const trigger = event.detail.requestConfig?.triggeringEvent;
  return Boolean(trigger) && trigger.type !== "load";
}

export function attach(root) {
  const show = (event, status) => {
    if (!asked(event)) return;
    for (const text of root.querySelectorAll("[data-for]")) {
      text.hidden = (text.dataset.for === "session") !== (status === 401);
    }
    root.hidden = false;
    root.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("htmx:responseError", (event) => show(event, event.detail.xhr.status));
  document.addEventListener("htmx:sendError", (event) => show(event, 0));
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && asked(event)) root.hidden = true;
  });
}
