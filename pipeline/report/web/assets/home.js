import { between, h, head, number, pill, redraw, split, table, when } from "./dom.js";
import { atMost, get, specHref, watch } from "./api.js";

/** All specs, and the newest runs of all of them. */
export async function home(main) {
  const specs = h("section", { "aria-labelledby": "specs" }), runs = h("section", { "aria-labelledby": "runs" });
  main.append(h("h1", {}, "Specs"), specs, runs);
  const draw = async () => {
    const [all, newest] = await Promise.all([get(["specs"]), get(["runs"])]);
    redraw(specs, all, () => [h("h2", { id: "specs", class: "hidden" }, "Specs"), specTable(all)]);
    redraw(runs, newest, () => [h("h2", { id: "runs" }, "Runs"), newest.length ? runTable(newest, true) : h("p", { class: "faint" }, "Nothing has run yet.")]);
  };
  await draw();
  watch("", atMost(2000, () => draw().catch(() => {})));
}

function specTable(all) {
  return table("Specs", [head("Spec"), head("State"), head("Items", "wide-cell"), head("Done", "num"), head("Failed", "num"), head("Pending", "num"), head("Last run", "less")],
    all.map((s) => h("tr", {},
      h("th", { scope: "row" }, h("a", { href: specHref(s.id), class: "site" }, s.name), h("div", { class: "faint small site" }, s.path),
        s.fault && h("div", { class: "bad small site" }, s.fault)),
      h("td", {}, s.last ? pill(s.last.state) : h("span", { class: "faint" }, "never run")),
      h("td", {}, s.totals && split(s.totals)),
      h("td", { class: "num" }, s.totals && number(s.totals.done)), h("td", { class: "num" }, s.totals && number(s.totals.failed)),
      h("td", { class: "num" }, s.totals && number(s.totals.pending)),
      h("td", { class: "less when" }, s.last && [h("a", { href: specHref(s.id, "runs", s.last.number) }, `run ${s.last.number}`), " ", when(s.last.started)]))));
}

/** Runs, the newest first. */
export function runTable(runs, ofAll) {
  return table("Runs", [ofAll && head("Spec"), head("Run"), head("State"), head("Began"), head("Took", "less"), head("Done", "num"), head("Failed", "num"), head("Attempts", "num less"), head("Reason", "less")].filter(Boolean),
    runs.map((r) => h("tr", {},
      ofAll && h("td", { class: "site" }, r.spec), h("th", { scope: "row" }, h("a", { href: specHref(r.spec, "runs", r.number), "aria-label": `run ${r.number} of ${r.spec}` }, `${r.number}`)),
      h("td", {}, pill(r.state)), h("td", { class: "when" }, when(r.started)), h("td", { class: "less when" }, between(r.started, r.ended)),
      h("td", { class: "num" }, number(r.done)), h("td", { class: "num" }, number(r.failed)), h("td", { class: "num less" }, number(r.attempts)),
      h("td", { class: "less why site" }, r.reason === r.state ? "" : r.reason))));
}
