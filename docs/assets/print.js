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
  const place = document.querySelector(".bar") || document.querySelector("article h1");
  if (!place) { return; }
  const button = document.createElement("button");
  button.type = "button";
  button.className = "print-button";
  button.textContent = "Print this page";
  button.addEventListener("click", () => window.print());
  if (place.matches("h1")) { place.after(button); } else { place.append(button); }
})();
