import { h, head, number, pill, plural, redraw, site, table, when } from "./dom.js";
import { act, atMost, get, itemHref, post, watch } from "./api.js";

const PAGE = 100;
const columns = [["key", "Item"], ["status", "State"], ["cause", "Cause", "less"], [null, "Reason", "less"], ["attempts", "Attempts", "num"], ["finished", "Finished", "less"]];

/** The items, found, sorted and leafed through at the server. */
export async function items(main, id, tabs) {
  const query = Object.fromEntries(new URLSearchParams(location.search));
  const chosen = new Set();
  const { can_start: can } = await get(["specs", id]);
  const search = h("input", { type: "search", id: "search", value: query.search || "", autocomplete: "off", spellcheck: "false" });
  const status = h("select", { id: "status" }, ["", "done", "failed", "pending", "skipped"].map((s) => h("option", { value: s, selected: s === (query.status || "") }, s || "all")));
  const count = h("p", { role: "status", class: "faint small", id: "count" }), body = h("div");
  const retry = h("button", { type: "button", hidden: !can, disabled: true, onclick: retryChosen }, "Retry chosen");
  const back = h("button", { type: "button", onclick: () => leaf(-PAGE) }, "Previous"), on = h("button", { type: "button", onclick: () => leaf(PAGE) }, "Next");
  const cause = query.class !== undefined && h("p", { class: "small" }, "Only those that failed of ", h("span", { class: "bad" }, query.class), " at ", h("span", { class: "mono site" }, query.step || "no step"), ". ",
    h("a", { href: location.pathname }, "Show all"));
  main.append(h("h1", {}, "Items"), tabs, h("section", { "aria-label": "Items" },
    h("form", { class: "filters", role: "search", onsubmit: (e) => e.preventDefault() }, h("label", { class: "search", for: "search" }, "Search keys, reasons, steps and the source's fields", search), h("label", { for: "status" }, "State", status)),
    cause, h("div", { class: "head" }, count, h("div", { class: "actions" }, retry, back, on)), body));

  let asked = 0, page = { total: 0, offset: 0, items: [] };
  async function draw() {
    const mine = ++asked;
    const shown = Object.fromEntries(Object.entries(query).filter(([, v]) => v));
    if (query.class !== undefined) Object.assign(shown, { class: query.class, step: query.step || "" });
    const found = await get(["specs", id, "items"], shown);
    if (mine !== asked) return; // another question has been asked since
    page = found;
    history.replaceState(null, "", "?" + new URLSearchParams(shown));
    const from = page.items.length ? page.offset + 1 : 0, to = page.offset + page.items.length;
    count.textContent = page.total ? `${number(from)} to ${number(to)} of ${plural(page.total, "item")}` : "No item is found.";
    back.disabled = page.offset === 0;
    on.disabled = to >= page.total;
    redraw(body, [page.items, query.sort, query.order], () => table("Items", heads(), page.items.map(row)));
    choose();
  }
  const heads = () => [can && head(h("span", { class: "hidden" }, "chosen")), ...columns.map(([name, text, style]) => name
    ? h("th", { scope: "col", class: style, "aria-sort": query.sort === name ? (query.order === "desc" ? "descending" : "ascending") : undefined },
      h("button", { type: "button", class: "plain", "data-id": `sort ${name}`, onclick: () => sort(name) }, text)) : head(text, style))].filter(Boolean);
  const row = (i) => h("tr", {},
    can && h("td", {}, h("input", { type: "checkbox", "aria-label": `choose ${i.key}`, "data-id": `choose ${i.key}`, checked: chosen.has(i.key), onchange: (e) => { chosen[e.target.checked ? "add" : "delete"](i.key); choose(); } })),
    h("th", { scope: "row" }, h("a", { href: itemHref(id, i.key), class: "site" }, i.key)), h("td", {}, pill(i.stale ? "stale" : i.status)),
    h("td", { class: "less" }, i.class, i.step && h("div", { class: "mono faint site" }, i.step.split(" (")[0])), h("td", { class: "less why" }, site(i.reason)),
    h("td", { class: "num" }, number(i.attempts)), h("td", { class: "less when" }, when(i.finished)));
  function choose() {
    retry.disabled = chosen.size === 0;
    retry.textContent = chosen.size ? `Retry ${plural(chosen.size, "chosen item")}` : "Retry chosen";
  }
  function retryChosen() {
    const keys = [...chosen];
    act(retry, async () => { await post(["specs", id, "start"], { keys }); chosen.clear(); asked++; body.drawnFrom = ""; await draw(); }, `A run of ${plural(keys.length, "item")} has begun.`).then(choose);
  }
  function sort(name) {
    query.order = query.sort === name && query.order !== "desc" ? "desc" : "";
    query.sort = name;
    query.offset = "";
    ask();
  }
  function leaf(by) {
    query.offset = String(Math.max(0, page.offset + by));
    ask();
  }
  const ask = () => draw().catch((error) => { count.textContent = error.message; });
  let typing;
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => { query.search = search.value; query.offset = ""; ask(); }, 150);
  });
  status.addEventListener("change", () => { query.status = status.value; query.offset = ""; ask(); });
  await draw();
  const again = atMost(2000, ask);
  let version = -1;
  watch(id, (states) => {
    if (version >= 0 && version !== states[id].version) again();
    version = states[id].version;
  });
}
