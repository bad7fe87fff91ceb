// Sees by the address which page to show.
import { h, say } from "./dom.js";
import { specHref } from "./api.js";
import { home } from "./home.js";
import { spec } from "./spec.js";
import { run } from "./run.js";
import { items } from "./items.js";
import { item } from "./item.js";
import { failures } from "./failures.js";

const main = document.getElementById("main");
const parts = location.pathname.split("/").filter(Boolean).map(decodeURIComponent).slice(1);
const [id, page, more] = parts;

function trail(...steps) {
  const at = document.getElementById("trail");
  steps.forEach(([text, href], i) => at.append(i === steps.length - 1
    ? h("span", { class: "site", "aria-current": "page" }, text) : h("a", { href, class: "site" }, text)));
  document.title = [...steps.map(([text]) => text).reverse(), "pipe"].join(" · ");
}

function tabs(current) {
  const one = (text, href, name) => h("a", { href, "aria-current": current === name && "page" }, text);
  return h("nav", { class: "tabs", "aria-label": "Of this spec" }, one("Runs", specHref(id), "runs"),
    one("Items", specHref(id, "items"), "items"), one("Failures", specHref(id, "failures"), "failures"));
}

async function show() {
  const own = [id, specHref(id || "")];
  if (!id) return home(main);
  switch (page) {
    case undefined: trail(own); return spec(main, id, tabs("runs"));
    case "items": trail(own, ["Items"]); return items(main, id, tabs("items"));
    case "failures": trail(own, ["Failures"]); return failures(main, id, tabs("failures"));
    case "runs": trail(own, [`Run ${more}`]); return run(main, id, more, tabs());
    case "item": {
      const key = new URLSearchParams(location.search).get("key") || "";
      trail(own, ["Items", specHref(id, "items")], [key]);
      return item(main, id, key, tabs());
    }
    default: throw new Error("There is no such page.");
  }
}

show().catch((error) => {
  main.append(h("h1", {}, "Nothing to show"), h("section", {}, h("p", {}, error.message), h("p", {}, h("a", { href: "/" }, "All specs"))));
  say(error.message);
});
