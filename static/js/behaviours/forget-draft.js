/* The page of a report that has arrived: what this browser kept of its draft is no longer needed. */
export function attach(root) {
  window.localStorage.removeItem(root.dataset.key);
}
