import { h, head, number, plural, svg, table, took, when } from "./dom.js";

/** How many items were settled when. */
export function throughput(t) {
  const most = Math.max(1, ...t.spans.map((s) => s.done + s.skipped + s.failed)), width = 600 / Math.max(1, t.spans.length), high = 120;
  const bar = (s, i) => {
    let y = high;
    return ["failed", "skipped", "done"].map((name) => {
      const tall = (high * s[name]) / most;
      y -= tall;
      return tall > 0 && svg("rect", { class: `f-${name}`, x: i * width + 0.5, y, width: Math.max(0.5, width - 1), height: tall });
    });
  };
  const all = (name) => t.spans.reduce((sum, s) => sum + s[name], 0);
  return [svg("svg", { class: "chart", viewBox: `0 0 600 ${high}`, preserveAspectRatio: "none", height: high, role: "img", "aria-label": `${number(all("done"))} done and ${number(all("failed"))} failed; at most ${number(most)} in ${took(t.span_seconds * 1000)}` },
    svg("line", { class: "s-line", x1: 0, x2: 600, y1: high, y2: high }), t.spans.map(bar)),
    h("div", { class: "axis" }, t.spans.length ? when(t.spans[0].start) : "", h("span", {}, `top: ${plural(most, "item")} in ${took(t.span_seconds * 1000)}`), t.spans.length ? when(t.spans[t.spans.length - 1].start) : ""), legend(["done", "skipped", "failed"])];
}

const legend = (names) => h("div", { class: "legend", "aria-hidden": "true" }, names.map((name) => h("span", {}, h("i", { class: `f-${name}` }), name)));

/** How long each stage took, as a distribution. */
export function stages(list) {
  if (!list.length) return h("p", { class: "faint" }, "No item has been done.");
  return table("How long the stages took", [head("Stage"), head("Distribution", "wide-cell"), head("Half", "num"), head("9 in 10", "num"), head("Most", "num less")], list.map((s) => h("tr", {},
    h("th", { scope: "row" }, s.name), h("td", {}, histogram(s)), h("td", { class: "num" }, took(s.median_ms)), h("td", { class: "num" }, took(s.p90_ms)), h("td", { class: "num less" }, took(s.max_ms)))));
}

function histogram(s) {
  const low = Math.log2(Math.max(1, s.buckets[0].from_ms)), up = Math.log2(s.buckets[s.buckets.length - 1].to_ms), most = Math.max(...s.buckets.map((b) => b.attempts));
  const at = (ms) => (100 * (Math.log2(Math.max(1, ms)) - low)) / Math.max(0.001, up - low);
  return svg("svg", { class: "chart", viewBox: "0 0 100 28", preserveAspectRatio: "none", height: 28, role: "img", "aria-label": `${plural(s.attempts, "attempt")} from ${took(s.buckets[0].from_ms)} to ${took(s.max_ms)}` },
    s.buckets.map((b) => svg("rect", { class: "f-busy", x: at(b.from_ms), width: Math.max(0.5, at(b.to_ms) - at(b.from_ms) - 0.4), y: 28 - (28 * b.attempts) / most, height: (28 * b.attempts) / most })));
}

/** When each worker had an item in hand, and where attempts failed. */
export function workers(list) {
  return table("What the workers did", [head("Worker"), head("Busy", "wide-cell bar-cell"), head("Done", "num"), head("Failed", "num")], list.map((w) => h("tr", {}, h("th", { scope: "row" }, w.name), h("td", {},
    svg("svg", { class: "chart", viewBox: `0 0 ${w.busy.length} 16`, preserveAspectRatio: "none", height: 16, role: "img", "aria-label": `busy for ${took(w.busy_ms)}` }, svg("rect", { class: "f-empty", width: w.busy.length, height: 16 }),
      w.busy.map((part, i) => part > 0 && svg("rect", { class: "f-busy", x: i, width: 1, y: 16 - 16 * part, height: 16 * part })), w.failed_in.map((n, i) => n > 0 && svg("rect", { class: "f-failed", x: i, width: 1, height: 5 })))),
    h("td", { class: "num" }, number(w.done)), h("td", { class: "num" }, number(w.failed)))));
}

/** The causes of failures, by how many items there are of each. */
export function causes(list, link) {
  if (!list.length) return h("p", { class: "faint" }, "No item has failed.");
  const most = Math.max(...list.map((c) => c.items));
  return table("Failures by cause", [head("Cause"), head("Items", "wide-cell"), head("", "num")], list.slice(0, 12).map((c) => h("tr", {}, h("th", { scope: "row" }, link(c, `${c.class} ${c.step || ""}`)),
    h("td", {}, svg("svg", { class: "track", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, svg("rect", { class: "f-failed", width: (100 * c.items) / most, height: 10 }))), h("td", { class: "num" }, number(c.items)))));
}
