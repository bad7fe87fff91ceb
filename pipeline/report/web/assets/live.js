import { h, head, number, pill, plural, redraw, site, table, took } from "./dom.js";
import { act, itemHref, post, specHref } from "./api.js";

/** What is under way, with the buttons that steer it. */
export function livePanel(id) {
  const steer = (what, said) => (event) => act(event.currentTarget, () => post(["specs", id, "steer"], what()), said);
  const button = (text, what, said, style) => h("button", { type: "button", class: style, onclick: steer(what, said) }, text);
  const workers = h("input", { type: "number", min: "1", id: "workers" });
  const pause = button("Pause", () => ({ do: "pause" }), "Paused: the items in hand end, no more are begun.");
  const resume = button("Resume", () => ({ do: "resume" }), "Going on.");
  const set = button("Set", () => ({ do: "workers", workers: Number(workers.value) }), "Set.");
  const drain = button("Finish items in hand, then end", () => ({ do: "drain" }), "The items in hand are finished, no more are begun.");
  const stop = h("button", { type: "button", onclick: () => sure.showModal() }, "Stop now");
  const sure = h("dialog", { "aria-labelledby": "sure" }, h("h2", { id: "sure" }, "Stop the run now?"),
    h("p", {}, "The items in hand are put back, at no cost to them. The next run goes on where this one stopped."),
    h("div", { class: "actions" }, h("button", { type: "button", class: "main", onclick: (event) => { sure.close(); steer(() => ({ do: "stop" }), "Stopping.")(event); } }, "Stop now"),
      h("button", { type: "button", onclick: () => sure.close() }, "Let it run")));
  const many = h("span", { class: "actions" }, h("label", { for: "workers" }, "workers"), workers, set);
  const title = h("div"), body = h("div", { class: "gap" }), buttons = h("div", { class: "actions" }, pause, resume, many, drain, stop);
  const element = h("section", { "aria-labelledby": "live", hidden: true }, h("div", { class: "head" }, title, buttons), body, sure);
  let other = null, known = null;
  setInterval(() => element.querySelectorAll("[data-since]").forEach((e) => { e.textContent = took(Math.max(0, Date.now() - new Date(e.dataset.since))); }), 1000);

  function draw(s) {
    known = s;
    element.hidden = !s.running && !other;
    const t = s.steered;
    buttons.hidden = !t;
    if (t) {
      pause.hidden = t.paused || t.draining;
      resume.hidden = !t.paused || t.draining;
      many.hidden = s.dry_run || t.most === 1;
      drain.disabled = t.draining;
      pause.hidden = pause.hidden || s.dry_run;
      if (t.most) workers.max = t.most;
      if (t.workers && document.activeElement !== workers) workers.value = t.workers;
    }
    redraw(title, [s.running, s.dry_run, s.run, t, other && other.number], () => {
      const run = s.run || (other && other.number);
      return [h("h2", { id: "live" }, s.dry_run ? "Dry run" : run ? h("a", { href: specHref(id, "runs", run) }, `Run ${run}`) : "Run", " ",
        pill(t && t.draining ? "ending" : t && t.paused ? "paused" : "running"))];
    });
    redraw(body, [s.running && { ...s, version: 0, steered: null }, !!other], () => s.running ? picture(id, s)
      : h("p", { class: "faint" }, "It is at work in another process: it is followed here, and steered there. Its items are below as they come."));
  }
  return { element, draw, elsewhere: (run) => { other = run || null; if (known) draw(known); } };
}

function picture(id, s) {
  const known = s.to_do >= 0;
  return [
    h("p", {}, [s.per_minute ? `${s.per_minute.toFixed(1)} items a minute` : known ? "no item has come to its end yet" : "reading the source", known && `${number(s.to_do)} to do`, s.left && `${s.left} left`,
      s.arriving > 0 && `${plural(s.arriving, "file")} on the way`].filter(Boolean).join(", ")),
    s.stopping && h("p", { class: "warn site" }, `Ending: ${s.stopping}`), s.held && h("p", { class: "warn site" }, `Held back: ${s.held}`), s.slowed && h("p", { class: "warn site" }, s.slowed), s.late && h("p", { class: "warn site" }, s.late),
    s.workers && s.workers.length > 0 && table("Workers", [head("Worker"), head("Item"), head("Step"), head("For", "num"), head("Attempt", "num less")],
      s.workers.map((w) => h("tr", {}, h("th", { scope: "row" }, w.name), h("td", {}, !w.key ? h("span", { class: "faint" }, "waiting") : w.attempt ? h("a", { href: itemHref(id, w.key), class: "site", "data-id": `worker ${w.name}` }, w.key) : site(w.key)),
        h("td", { class: "mono site" }, w.key && w.step), w.key && w.since ? h("td", { class: "num", "data-since": w.since }, took(Math.max(0, Date.now() - new Date(w.since)))) : h("td", { class: "num" }), h("td", { class: "num less" }, w.attempt ? `${w.attempt}` : "")))),
    s.sessions && s.sessions.length > 0 && table("Sessions", [head("Session"), head("Account"), head("State")], s.sessions.map((one) => h("tr", {}, h("th", { scope: "row" }, one.name), h("td", { class: "site" }, one.account),
      h("td", { class: sessionTones[one.state] }, one.state || "waiting", one.reason && [": ", site(one.reason)])))),
    s.failure && h("div", {}, h("h3", {}, "Last failure"), h("p", {}, s.failure.key && h("a", { href: itemHref(id, s.failure.key), class: "site" }, s.failure.key), " ", h("span", { class: "bad" }, s.failure.class), " ", site(s.failure.reason))),
    s.recent && s.recent.length > 0 && h("div", {}, h("h3", {}, "Last items"), h("ul", { class: "list small" }, s.recent.slice(0, 12).map((r) => h("li", {},
      h("a", { href: itemHref(id, r.key), class: "site", "data-id": `last ${r.key}` }, r.key), " ", kinds[r.kind] || r.kind, " ", took(r.took_ms))))),
  ];
}

const sessionTones = { ready: "good", "logging in": "warn", lost: "bad", "given up": "bad" };
const kinds = { item_done: "done", item_skipped: "skipped", item_failed: "failed", refresh_failed: "could not be done again" };
