import { h, number, redraw, split } from "./dom.js";
import { atMost, get, watch } from "./api.js";
import { livePanel } from "./live.js";
import { startPanel } from "./start.js";
import { runTable } from "./home.js";

/** A spec: how its items stand, what is under way, its runs. */
export async function spec(main, id, tabs) {
  const first = await get(["specs", id]);
  const totals = h("section", { "aria-labelledby": "totals" }), runs = h("section", { "aria-labelledby": "runs" });
  const live = livePanel(id), start = startPanel(id, first.can_start);
  main.append(h("h1", { class: "site" }, first.name), h("p", { class: "faint small site" }, first.path), tabs, totals, live.element, start.element, runs);
  const draw = (s) => {
    redraw(totals, [s.totals, s.fault], () => [h("h2", { id: "totals", class: "hidden" }, "Items"), s.fault && h("p", { class: "bad site" }, s.fault),
      s.totals ? [split(s.totals), tiles(s.totals)] : h("p", { class: "faint" }, "Nothing has run yet.")]);
    redraw(runs, s.runs, () => [h("h2", { id: "runs" }, "Runs"), s.runs ? runTable(s.runs) : h("p", { class: "faint" }, "There is none yet.")]);
    live.elsewhere(s.last && s.last.state === "running" && s.last);
    start.busy(s.last && s.last.state === "running");
  };
  draw(first);
  const again = atMost(2000, () => get(["specs", id]).then(draw, () => {}));
  let version = -1;
  watch(id, (states) => {
    const state = states[id];
    live.draw(state);
    start.draw(state);
    if (version !== state.version) again();
    version = state.version;
  });
}

function tiles(t) {
  const pairs = [["done", t.done], ["failed", t.failed], ["pending", t.pending], ["skipped", t.skipped], ["due again", t.due], ["stale", t.stale],
    ["duplicates", t.duplicates], ["bad rows", t.bad], ["in the source", t.in]];
  return h("dl", { class: "tiles" }, pairs.filter(([name, n]) => n || ["done", "failed", "pending"].includes(name))
    .map(([name, n]) => h("div", {}, h("dt", {}, name), h("dd", {}, number(n)))));
}
