// Search, on the search page only. The index comes when the box is reached for. Nothing is sent, nothing is kept.
"use strict";

const box = document.querySelector("#search-words");
const said = document.querySelector("#search-said");
const list = document.querySelector("#search-found");
// The site's root, told by where this script lies, so that it works in a sub-folder and from a disk.
const root = new URL("..", document.currentScript.src);

// Words that say nothing about what is looked for.
const EMPTY = new Set(("a am an and are as at be but by can could did do does for from had has have how i if in into is it its me my " +
  "of on or so should than that the their them then there they this to was we what when where which who why will with would you your").split(" "));

let parts = null;
let words = null;

/** Words of a text: lower case, letters and figures only. */
const wordsOf = text => text.toLowerCase().normalize("NFKD").match(/[a-z0-9]+/g) || [];

/** The few slips of the finger between two words, or more than `most`. */
function slips(a, b, most) {
  if (Math.abs(a.length - b.length) > most) { return most + 1; }
  let before = [], row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) { next[j] = Math.min(next[j], before[j - 2] + 1); }
    }
    before = row;
    row = next;
  }
  return row[b.length];
}

/** Each word of the site with the parts it stands in, and how much it weighs there: a heading more than the text. */
function prepare() {
  parts = searchIndex.map(([url, page, heading, about, text]) => ({ url, page, heading, about, text }));
  words = new Map();
  parts.forEach((part, index) => {
    const weigh = (text, weight) => wordsOf(text).forEach(word => {
      const places = words.get(word) || words.set(word, new Map()).get(word);
      places.set(index, Math.max(places.get(index) || 0, weight));
    });
    weigh(part.text, 1);
    weigh(part.page, part.heading ? 1.5 : 4);
    weigh(part.heading, 3);
    weigh(part.about, 3);
  });
}

/** How well a word of the site answers a word that was typed, 0 to 1. */
function likeness(typed, word) {
  if (word === typed) { return 1; }
  // "pills" for "pill", "drinking" for "drink", and a word half typed.
  if (typed.length > 2 && word.startsWith(typed)) { return 0.5 + 0.4 * typed.length / word.length; }
  if (word.length > 3 && typed.startsWith(word) && typed.length - word.length < 4) { return 0.7; }
  if (typed.length < 4 || typed[0] !== word[0] || /\d/.test(typed)) { return 0; }
  const most = typed.length > 7 ? 2 : 1;
  const found = slips(typed, word, most);
  return found > most ? 0 : 0.7 - 0.2 * found;
}

/** Pages for what was typed, best first, each with its best parts. */
function find(typed) {
  let asked = [...new Set(wordsOf(typed))];
  const telling = asked.filter(word => !EMPTY.has(word));
  if (telling.length) { asked = telling; }
  const scores = new Map();
  for (const word of asked) {
    const best = new Map();
    for (const [known, places] of words) {
      const like = likeness(word, known);
      if (!like) { continue; }
      const rare = Math.log(1 + parts.length / places.size);
      places.forEach((weight, index) => best.set(index, Math.max(best.get(index) || 0, like * weight * rare)));
    }
    best.forEach((score, index) => {
      const sum = scores.get(index) || { score: 0, hits: 0 };
      scores.set(index, { score: sum.score + score, hits: sum.hits + 1 });
    });
  }
  const pages = new Map();
  for (const [index, { score, hits }] of scores) {
    const part = parts[index];
    const page = pages.get(part.page) || { score: 0, parts: [] };
    // The page that answers comes before the list of questions, pages for patients before the one for clinicians, and the first page before all.
    const reader = /^(for-clinicians|questions|quality)\b/.test(part.url) ? 0.65 : /^(\.\/|index\.html)?(#|$)/.test(part.url) ? 1.3 : 1;
    page.parts.push({ part, score: reader * score * (hits / asked.length) ** 2 });
    pages.set(part.page, page);
  }
  for (const page of pages.values()) {
    page.parts.sort((a, b) => b.score - a.score);
    // The best part counts whole, the next ones less and less.
    page.score = page.parts.reduce((sum, { score }, rank) => sum + score / 2 ** (rank * 1.5), 0);
  }
  return [...pages.entries()].sort((a, b) => b[1].score - a[1].score).slice(0, 10);
}

function link(url, text) {
  const made = document.createElement("a");
  const place = new URL(url, root);
  // A disk does not know that a folder means its index.html.
  if (place.protocol === "file:" && place.pathname.endsWith("/")) { place.pathname += "index.html"; }
  made.href = place;
  made.textContent = text;
  return made;
}

function show() {
  const typed = box.value.trim();
  list.replaceChildren();
  if (typed.length < 2) { said.textContent = ""; return; }
  const found = find(typed);
  said.textContent = found.length ? `Pages found: ${found.length}` : "Nothing found. Try one word, or the menu.";
  for (const [title, { parts: best }] of found) {
    const item = document.createElement("li");
    const whole = parts.find(part => part.page === title);
    item.append(link(whole.url, title));
    const about = document.createElement("p");
    about.textContent = whole.about;
    item.append(about);
    const inside = best.map(({ part }) => part).filter(part => part.heading).slice(0, 2);
    if (inside.length) {
      const sub = document.createElement("ul");
      for (const part of inside) {
        const line = document.createElement("li");
        line.append(link(part.url, part.heading));
        sub.append(line);
      }
      item.append(sub);
    }
    list.append(item);
  }
}

function start() {
  if (parts) { show(); return; }
  if (document.querySelector("script[data-index]")) { return; }
  const index = document.createElement("script");
  index.dataset.index = "";
  index.src = new URL("search-index.js", root);
  index.addEventListener("load", () => { prepare(); show(); });
  index.addEventListener("error", () => { said.textContent = "Search could not start. The menu lists every page."; });
  document.head.append(index);
}

box.addEventListener("focus", start);
box.addEventListener("input", start);
box.form.addEventListener("submit", event => { event.preventDefault(); start(); });
if (document.activeElement === box || box.value) { start(); }
