/* Turns the opened question of ui/confirm.html into a modal dialog. */
export function attach(root) {
  const summary = root.querySelector("summary");
  const panel = root.querySelector(".confirm-panel");
  const question = panel.querySelector("p");
  const dialog = document.createElement("dialog");
  dialog.className = "confirm-dialog";
  question.id ||= `tanya-${Math.random().toString(36).slice(2)}`;
  dialog.setAttribute("aria-labelledby", question.id);
  dialog.append(panel);
  root.after(dialog);
  const close = panel.querySelector("[data-close]");
  close.hidden = false;
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => summary.focus());
  summary.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
}
