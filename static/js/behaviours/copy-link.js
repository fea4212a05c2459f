/* A link to the record puts its address into the clipboard, and says so where everyone can see it. */
export function attach(root) {
  const link = root.querySelector("a");
  const status = root.querySelector("[role=status]");
  let timer;
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    let said = link.dataset.copied;
    try {
      await navigator.clipboard.writeText(link.href);
    } catch {
      said = link.dataset.failed;
    }
    status.textContent = said;
    clearTimeout(timer);
    timer = setTimeout(() => {
      status.textContent = "";
    }, 6000);
  });
}
