/* Dragging the lines of a list: what was dropped is sent as the new order by the form that
   data-form names. Without this file the buttons of each line do the same. */
export async function attach(root) {
  const { default: Sortable } = await import(root.dataset.library);
  const form = document.getElementById(root.dataset.form);
  for (const grip of root.querySelectorAll("[data-grip]")) grip.hidden = false;
  Sortable.create(root, {
    handle: "[data-grip]",
    draggable: "[data-key]",
    animation: 120,
    onEnd(event) {
      if (event.oldIndex === event.newIndex) return;
      const keys = [...root.querySelectorAll("[data-key]")].map((line) => line.dataset.key);
      form.elements.order.value = keys.join(",");
      form.elements.moved.value = event.item.dataset.key;
      form.requestSubmit();
    },
  });
}
