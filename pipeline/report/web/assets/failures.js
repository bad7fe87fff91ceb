import { h, plural, redraw, site } from "./dom.js";
import { act, atMost, causeHref, get, itemHref, post, watch } from "./api.js";
import { evidence } from "./evidence.js";

/** The failures by cause, each with the spec's line and what was kept of one. */
export async function failures(main, id, tabs) {
  const { can_start: can } = await get(["specs", id]);
  const body = h("section", { "aria-label": "Failures by cause" });
  main.append(h("h1", {}, "Failures"), tabs, body);
  const draw = async () => {
    const causes = await get(["specs", id, "causes"]);
    redraw(body, causes, () => causes.length ? causes.map((c) => one(id, c, can)) : h("p", { class: "faint" }, "No item has failed."));
  };
  await draw();
  const again = atMost(5000, () => draw().catch(() => {}));
  let version = -1;
  watch(id, (states) => {
    if (version >= 0 && version !== states[id].version) again();
    version = states[id].version;
  });
}

function one(id, c, can) {
  const name = `${c.class} ${c.step}`;
  return h("div", { class: "cause" },
    h("div", { class: "head" }, h("h2", {}, h("span", { class: "pill bad" }, c.class), " ", h("span", { class: "mono site" }, c.step || "outside of the steps")),
      h("div", { class: "actions" }, h("a", { href: causeHref(id, c), "aria-label": `${plural(c.items, "item")} of ${name}` }, plural(c.items, "item")),
        can && h("button", { type: "button", "data-id": `retry ${name}`, "aria-label": `Retry ${plural(c.items, "item")} of ${name}`, onclick: (e) => act(e.currentTarget, () => post(["specs", id, "start"], { cause: { class: c.class, step: c.step } }), `A run of ${plural(c.items, "item")} has begun.`) }, `Retry ${plural(c.items, "item")}`))),
    c.place && h("div", {}, h("p", { class: "small faint site" }, c.place), c.line && h("pre", { class: "site", tabindex: "0" }, c.line.trim())),
    h("p", {}, site(c.reason), c.reasons > 1 && h("span", { class: "faint small" }, ` and ${plural(c.reasons - 1, "other reason")}`)),
    h("p", { class: "small faint" }, "so for ", h("a", { href: itemHref(id, c.sample), class: "site" }, c.sample), c.changed > 0 && `; the spec has changed since for ${plural(c.changed, "item")}`),
    c.next.command && h("p", { class: "small" }, "Next: ", h("code", { class: "site" }, c.next.command), " ", h("span", { class: "faint" }, c.next.why)),
    c.evidence && evidence(c.evidence));
}
