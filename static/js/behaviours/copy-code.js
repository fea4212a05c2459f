/* Puts the report's code into the clipboard and says so. */
export function attach(root) {
  const button = root.querySelector("[data-copy]");
  const status = root.querySelector("[role=status]");
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(root.querySelector("code").textContent.trim());
      status.textContent = button.dataset.copied;
    } catch {
      status.textContent = button.dataset.failed;
    }
  });
}
