/* Classic and first in the head: draws "auto" as the device says before anything is painted. */
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const draw = () => {
    if ((root.dataset.theme || "auto") === "auto") {
      root.dataset.bsTheme = dark.matches ? "dark" : "light";
    }
  };
  draw();
  dark.addEventListener("change", draw);
})();
