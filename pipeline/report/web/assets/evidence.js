import { facts, h, site, size, when } from "./dom.js";

/** What was kept of a failure: the screenshot, what the page said, files to save. */
export function evidence(e) {
  const shot = e.files.find((f) => f.name === "screenshot.png"), said = e.files.find((f) => f.name === "messages.json");
  const messages = h("div", { hidden: true });
  const show = said && h("button", { type: "button", "aria-expanded": "false", onclick: async () => {
    messages.hidden = !messages.hidden;
    show.setAttribute("aria-expanded", String(!messages.hidden));
    if (!messages.firstChild) messages.append(await fetch(said.href).then((answer) => answer.json()).then(told, (error) => h("p", {}, error.message)));
  } }, "What the page said");
  return h("div", { class: "gap" },
    shot && h("a", { href: shot.href }, h("img", { class: "shot", src: shot.href, loading: "lazy", alt: `what the page showed${e.key ? " of " + e.key : ""}` })),
    h("p", { class: "small faint" }, e.attempt ? `Attempt ${e.attempt}, ` : "", when(e.taken), e.url && [", at ", site(e.url)]),
    h("div", { class: "actions" }, show, e.files.filter((f) => f !== shot && f !== said).map((f) => h("a", { href: f.href, download: f.name }, `${f.name} (${size(f.size)})`))), messages);
}

/** What is told beside it already. */
const beside = ["of", "key", "attempt", "step", "class", "reason", "taken", "url"];

function told(messages) {
  const pairs = Object.entries(messages).filter(([name]) => !beside.includes(name));
  return pairs.length ? facts(pairs.map(([name, value]) => [name, Array.isArray(value) ? h("ul", { class: "list" }, value.map((one) => h("li", {}, text(one)))) : text(value)]))
    : h("p", { class: "faint" }, "It said nothing.");
}

const text = (value) => site(value === null || typeof value !== "object" ? String(value) : Object.values(value).filter((v) => v !== "" && v !== null).join(" · "));
