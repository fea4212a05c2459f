/* "Jadikan arahan" takes along what is marked in its passage; without a mark, the whole passage. */
export function attach(root) {
  const link = root.querySelector("a[data-take]");
  if (!link) return;
  link.addEventListener("click", () => {
    const selection = window.getSelection();
    const text = selection.toString().trim();
    const url = new URL(link.href);
    if (text && root.contains(selection.anchorNode) && root.contains(selection.focusNode)) {
      url.searchParams.set("text", text.slice(0, 5000));
    } else {
      url.searchParams.delete("text");
    }
    link.href = url.href;
  });
}
