/* A button to print, only where it can work. */
(() => {
  // On a sheet, in the bar above it; on a page, before its foot, where it moves nothing that is being read.
  const bar = document.querySelector(".sheet-bar");
  const foot = document.querySelector("article .page-foot");
  if (!bar && !foot) { return; }
  const button = document.createElement("button");
  button.type = "button";
  button.className = "print-button";
  button.textContent = "Print this page";
  button.addEventListener("click", () => window.print());
  if (bar) { bar.append(button); } else { foot.before(button); }
})();
