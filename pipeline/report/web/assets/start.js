import { h, redraw, when } from "./dom.js";
import { act, post } from "./api.js";

/** The buttons that begin a run, and what the last one that was begun here has said. */
export function startPanel(id, can) {
  const limit = h("input", { type: "number", min: "0", id: "limit", value: "" });
  const ask = (more) => ({ limit: Number(limit.value) || 0, ...more });
  const begin = (text, more, said, style) => h("button", { type: "button", class: style, onclick: (e) => act(e.currentTarget, () => post(["specs", id, "start"], ask(more)), said) }, text);
  const buttons = [begin("Start a run", {}, "A run has begun.", "main"), begin("Dry run", { dry_run: true }, "A dry run has begun: it only reads.")];
  const last = h("div", { class: "gap" });
  const element = h("section", { "aria-labelledby": "start", hidden: true }, h("div", { class: "head" }, h("h2", { id: "start" }, "Start"),
    h("div", { class: "actions" }, h("label", { for: "limit" }, "at most"), limit, h("span", { class: "faint small" }, "items"), buttons)), last);
  let elsewhere = false, running = false;
  const enable = () => { element.hidden = !can || running || elsewhere; };
  return {
    element,
    busy(is) { elsewhere = Boolean(is); enable(); },
    draw(s) {
      running = s.running;
      enable();
      const f = s.finished;
      redraw(last, f || null, () => f && [h("p", { class: f.code ? "warn" : "good" }, f.dry_run ? "The dry run" : "The run", ` that was begun here has ended with code ${f.code}, `, when(f.ended), "."),
        f.output && h("pre", { tabindex: "0", role: "region", "aria-label": "What it said", class: "site" }, f.output)]);
    },
  };
}
