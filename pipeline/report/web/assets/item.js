import { between, facts, h, pill, redraw, site, size, svg, took, when } from "./dom.js";
import { act, atMost, get, post, specHref, watch } from "./api.js";
import { evidence } from "./evidence.js";

/** All that is known of an item. */
export async function item(main, id, key, tabs) {
  const { can_start: can } = await get(["specs", id]);
  const body = h("div");
  main.append(h("h1", { class: "site" }, key), tabs, body);
  const draw = async () => {
    const i = await get(["specs", id, "item"], { key });
    redraw(body, i, () => [about(id, i, can), files(i), attempts(id, i), kept(i), h("div", { class: "two" }, fields("From the source", i.fields), fields("Record", i.record))]);
  };
  await draw();
  const again = atMost(2000, () => draw().catch(() => {}));
  let version = -1;
  watch(id, (states) => {
    if (version >= 0 && version !== states[id].version) again();
    version = states[id].version;
  });
}

function about(id, i, can) {
  const retry = can && h("button", { type: "button", "data-id": "retry", onclick: (e) => act(e.currentTarget, () => post(["specs", id, "start"], { keys: [i.key] }), "A run of this item has begun.") }, i.status === "done" ? "Do it again" : "Retry");
  return h("section", { "aria-label": "About the item" }, h("div", { class: "head" }, pill(i.stale ? "stale" : i.status), retry), facts([
    ["reason", i.reason && h("span", {}, i.class && h("span", { class: "bad" }, i.class + " "), site(i.reason))], ["step", i.step && h("span", { class: "mono site" }, i.step)],
    ["in the spec", i.line && h("code", { class: "site" }, i.line.trim())], ["finished", when(i.finished)], ["attempts", String(i.attempts)], ["row of the source", String(i.seq)]]));
}

function files(i) {
  if (!i.files.length) return null;
  return h("section", { "aria-labelledby": "files" }, h("h2", { id: "files" }, "Files"), h("div", { class: "gap" }, i.files.map((f) => h("div", {},
    h("p", {}, h("a", { href: f.href, class: "site" }, f.name), " ", h("span", { class: "faint small" }, [f.type, size(f.size), f.pages ? `${f.pages} pages` : "", f.via && `by ${f.via}`].filter(Boolean).join(", "))),
    shown(f)))));
}

/** The file in the page, where the browser has a viewer for it. */
function shown(f) {
  if (f.shown === "image") return h("img", { class: "picture", src: f.href, alt: f.name, loading: "lazy" });
  if (f.shown !== "pdf") return null;
  return navigator.pdfViewerEnabled ? h("iframe", { src: f.href, title: `the file ${f.name}`, loading: "lazy" }) : h("p", { class: "small faint" }, "This browser shows no PDFs in a page: open the file.");
}

function attempts(id, i) {
  if (!i.history || !i.history.length) return null;
  return h("section", { "aria-labelledby": "attempts" }, h("h2", { id: "attempts" }, "Attempts"), [...i.history].reverse().map((a) => h("div", { class: "attempt" },
    h("h3", {}, `Attempt ${a.number} `, pill(a.status || "running", a.status === "pending" && "to be tried again")),
    h("p", { class: "small faint" }, h("a", { href: specHref(id, "runs", a.run) }, `run ${a.run}`), `, worker ${a.worker}, `, when(a.started), a.ended && `, took ${between(a.started, a.ended)}`, a.uncounted && ", at no cost to the item"),
    a.reason && h("p", {}, a.class && h("span", { class: "bad" }, a.class + " "), site(a.reason), a.step && h("span", { class: "mono faint site" }, ` ${a.step}`)), timeline(a))));
}

/** When its steps ran, or, of an attempt without any, its stages. */
function timeline(a) {
  const stages = ["open", "navigate", "download", "fetch", "prove", "place"].filter((name) => a.phases_ms[name] !== undefined);
  let at = 0;
  const steps = a.steps.length ? a.steps : stages.map((step) => { const s = { step, at_ms: at, took_ms: a.phases_ms[step] }; at += s.took_ms; return s; });
  if (!steps.length) return null;
  const end = Math.max(1, ...steps.map((s) => s.at_ms + s.took_ms));
  return h("ol", { class: "steps", "aria-label": `Steps of attempt ${a.number}` }, steps.map((s) => h("li", {}, h("span", { class: "mono name" }, s.step),
    svg("svg", { class: "track", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, svg("rect", { class: "f-empty", width: 100, height: 10, rx: 1 }),
      svg("rect", { class: "f-busy", x: (100 * s.at_ms) / end, width: Math.max(0.4, (100 * s.took_ms) / end), height: 10 })), h("span", { class: "faint" }, took(s.took_ms)))));
}

const kept = (i) => i.evidence.length ? h("section", { "aria-labelledby": "kept" }, h("h2", { id: "kept" }, "Kept of its failures"), h("div", { class: "gap" }, i.evidence.map(evidence))) : null;

const fields = (title, list) => h("section", { "aria-label": title }, h("h2", {}, title), list.length ? facts(list.map((f) => [site(f.name), site(f.value)])) : h("p", { class: "faint" }, "nothing"));
