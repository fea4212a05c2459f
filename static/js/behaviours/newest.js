/* What runs from the oldest to the newest and is wider than the screen begins at its end. */
export function attach(root) {
  root.scrollLeft = root.scrollWidth;
}
