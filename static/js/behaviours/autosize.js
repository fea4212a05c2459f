/* A textarea grows with its text. */
export function attach(root) {
  const grow = () => {
    root.rows = Math.max(Number(root.dataset.rows), Math.min(30, lines(root)));
  };
  root.dataset.rows = root.rows;
  root.addEventListener("input", grow);
  grow();
}

function lines(area) {
  const perLine = Math.max(20, Math.floor(area.clientWidth / 8));
  return area.value
    .split("\n")
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / perLine)), 1);
}
