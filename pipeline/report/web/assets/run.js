import { between, facts, h, number, pill, redraw, site, when } from "./dom.js";
import { atMost, causeHref, get, watch } from "./api.js";
import { causes, stages, throughput, workers } from "./charts.js";
import { evidence } from "./evidence.js";

/** A run, and its charts. */
export async function run(main, id, n, tabs) {
  const body = h("div");
  main.append(h("h1", {}, `Run ${n}`), tabs, body);
  const draw = async () => {
    const r = await get(["specs", id, "runs", n]);
    redraw(body, r, () => [about(r), charts(id, r), r.evidence.length > 0 && h("section", { "aria-labelledby": "kept" }, h("h2", { id: "kept" }, "Kept of logins and the source"), r.evidence.map((e) => h("div", { class: "cause" }, h("p", {}, site(e.reason)), evidence(e))))]);
  };
  await draw();
  const again = atMost(5000, () => draw().catch(() => {}));
  let version = -1;
  watch(id, (states) => {
    if (version >= 0 && version !== states[id].version) again();
    version = states[id].version;
  });
}

function about(r) {
  return h("section", { "aria-label": "About the run" }, h("div", { class: "head" }, pill(r.state)), h("p", { class: "site outcome" }, r.outcome), r.next.command && h("p", { class: "small next" }, "Next: ", h("code", {}, r.next.command), " ", h("span", { class: "faint" }, r.next.why)), facts([
    ["began", when(r.started)], ["ended", when(r.ended)], ["took", between(r.started, r.ended)], ["done", number(r.done)], ["failed", number(r.failed)], ["skipped", r.skipped && number(r.skipped)],
    ["attempts", `${number(r.attempts)}${r.uncounted ? `, ${number(r.uncounted)} of them at no cost to the item` : ""}`], ["duplicates", r.duplicates && number(r.duplicates)], ["bad rows", r.bad && number(r.bad)],
    ["rows of the source", r.length >= 0 && number(r.length)], ["the list", r.short && site(r.short)], ["reason", r.reason !== r.state && site(r.reason)], ["part", r.partial && "a part of the source alone"],
    ["last sign of life", r.state === "died" && when(r.beat)]].map(([k, v]) => [k, v || ""])));
}

function charts(id, r) {
  const card = (title, style, content) => h("section", { class: style, "aria-label": title }, h("h2", {}, title), content);
  const link = (c, text) => h("a", { href: causeHref(id, c), class: "site" }, text);
  return h("div", { class: "two" }, card("Items settled over time", "wide", throughput(r.throughput)), card("How long the stages took", "", stages(r.stages)), card("Failures by cause", "", causes(r.causes, link)), card("Workers", "wide", workers(r.workers)));
}
