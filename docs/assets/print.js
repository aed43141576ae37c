/* A button to print, only where it can work, and the page's name for the foot of each sheet (print.css). */
(() => {
  const root = document.documentElement;
  if (!root.dataset.foot) {
    const parts = [document.title.replace(/ - ([^-]+)$/, "")];
    const checked = document.querySelector(".review-line time");
    if (checked) { parts.push("checked " + checked.textContent); }
    const canonical = document.querySelector('link[rel="canonical"]');
    parts.push(canonical ? canonical.href : location.pathname);
    root.dataset.foot = "Understanding naltrexone: " + parts.join(", ");
  }
  // On a sheet, in the bar above it; on a page, before its foot, where it moves nothing that is being read.
  const bar = document.querySelector(".bar");
  const foot = document.querySelector("article .page-foot");
  if (!bar && !foot) { return; }
  const button = document.createElement("button");
  button.type = "button";
  button.className = "print-button";
  button.textContent = "Print this page";
  button.addEventListener("click", () => window.print());
  if (bar) { bar.append(button); } else { foot.before(button); }
})();
