// What all pages are made with. Texts go into the page as texts: nothing here, and
// nothing that uses it, makes markup of one.
const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "width%") element.style.width = value + "%"; // a style attribute would be refused
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(9).filter((c) => c !== undefined && c !== null && c !== false && c !== ""));
  return element;
}

/** Makes an element: h("a", {href}, "text", child). */
export const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

/** Makes an element of a drawing. */
export const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

/** What a site has made: a text, whichever way it is written. */
export const site = (text, tag = "span") => h(tag, { class: "site" }, text || "");

/** Puts other children into an element, unless what they are made of is the same. Focus stays. */
export function redraw(element, from, make) {
  const made = String(JSON.stringify(from));
  if (element.drawnFrom === made) return;
  element.drawnFrom = made;
  const active = element.contains(document.activeElement) ? document.activeElement : null;
  const id = active && (active.dataset.id || active.getAttribute("href"));
  element.replaceChildren(...[make()].flat(9).filter(Boolean));
  if (!id) return;
  for (const one of element.querySelectorAll("a, button, input, select")) {
    if ((one.dataset.id || one.getAttribute("href")) === id) return one.focus({ preventScroll: true });
  }
}

export const table = (caption, heads, rows) => h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
  h("table", {}, h("caption", {}, caption), h("thead", {}, h("tr", {}, heads)), h("tbody", {}, rows)));
export const head = (text, style) => h("th", { scope: "col", class: style }, text);
export const facts = (pairs) => h("dl", { class: "facts" },
  pairs.filter(([, v]) => v !== undefined && v !== null && v !== "").map(([k, v]) => [h("dt", {}, k), h("dd", {}, v)]));

const there = (time) => time && !time.startsWith("0001-");
/** A moment, in the reader's own time. */
export function when(time) {
  if (!there(time)) return "";
  const at = new Date(time), two = (n) => String(n).padStart(2, "0");
  const text = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return h("time", { datetime: time }, text);
}
export function took(ms) {
  if (!(ms >= 0)) return "";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60e3) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60e3);
  return minutes < 60 ? `${minutes} min ${Math.round((ms % 60e3) / 1000)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
export const between = (from, to) => there(from) && there(to) ? took(new Date(to) - new Date(from)) : "";
export const number = (n) => Number(n || 0).toLocaleString("en-GB");
export const plural = (n, what) => `${number(n)} ${what}${n === 1 ? "" : "s"}`;
export const size = (n) => n < 1e3 ? `${n} B` : n < 1e6 ? `${(n / 1e3).toFixed(1)} kB` : `${(n / 1e6).toFixed(1)} MB`;

const tones = { done: "good", finished: "good", running: "warn", failed: "bad", died: "bad", stopped: "bad", interrupted: "warn", pending: "warn", stale: "warn" };
export const pill = (state, text) => h("span", { class: `pill ${tones[state] || "faint"}` }, text || state);

/** How the items stand, as a bar. */
export function split(t) {
  const all = Math.max(1, t.done + (t.skipped || 0) + t.failed + t.pending);
  const parts = [["done", t.done], ["skipped", t.skipped || 0], ["failed", t.failed]];
  return h("div", { class: "split", role: "img", "aria-label": `${number(t.done)} of ${number(all)} done, ${number(t.failed)} failed, ${number(t.pending)} pending` },
    parts.map(([name, n]) => h("span", { class: `f-${name}`, "width%": (100 * n) / all })));
}

let saying;
/** Says something to whoever looks, and to who listens. */
export function say(text) {
  const said = document.getElementById("said");
  said.textContent = text;
  clearTimeout(saying);
  saying = setTimeout(() => { said.textContent = ""; }, 8000);
}
