"use strict";
// The table of items. Its rows are made of texts alone: what a site has sent is never
// markup. Only the rows that are to be seen are in the page.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const KEY = 0, STATUS = 1, CLASS = 2, WHY = 3, STEP = 4, ATTEMPTS = 5, FINISHED = 6, TOOK = 7, SEQ = 8, FILES = 9;
  data.items.sort((a, b) => a[SEQ] - b[SEQ]); // the order of the list
  const ROW = 33, AROUND = 12, PRINTED = 2000;
  const $ = (id) => document.getElementById(id);
  const body = $("rows"), scroll = $("scroll"), search = $("search"), status = $("status"), count = $("count");
  const why = (item) => typeof item[WHY] === "number" ? data.texts[item[WHY]].replaceAll("\u0001", item[KEY]) : item[WHY];
  const when = (item) => {
    if (!item[FINISHED]) return "";
    return new Date((item[FINISHED] + data.zone) * 1000).toISOString().slice(0, 19).replace("T", " ");
  };
  const took = (ms) => ms <= 0 ? "" : ms < 1000 ? ms + " ms" : ms < 60000 ? (ms / 1000).toFixed(1) + " s" : Math.floor(ms / 60000) + " min " + Math.round(ms % 60000 / 1000) + " s";
  const columns = {
    key: (i) => i[KEY], status: (i) => i[STATUS], class: (i) => data.classes[i[CLASS]], why,
    attempts: (i) => i[ATTEMPTS], finished: (i) => i[FINISHED], took: (i) => i[TOOK],
  };
  const haystack = data.items.map((i) => (i[KEY] + "\n" + data.classes[i[CLASS]] + "\n" + why(i) + "\n" + data.steps[i[STEP]] + "\n" + (i[FILES] || []).join("\n")).toLowerCase());
  let shown = data.items.map((_, n) => n);
  let by = "", down = false, printing = false;

  const cell = (tag, style, text) => {
    const c = document.createElement(tag);
    c.className = style;
    c.textContent = text;
    if (text.length > 20) c.title = text;
    return c;
  };
  const row = (n, place) => {
    const item = data.items[n], tr = document.createElement("tr");
    tr.className = "row";
    tr.setAttribute("aria-rowindex", place + 2);
    const key = document.createElement("th"), open = document.createElement("button");
    key.scope = "row";
    key.className = "c-key";
    open.textContent = item[KEY].trim() || "(item " + (n + 1) + ")";
    open.type = "button";
    open.dataset.n = n;
    key.append(open);
    const state = data.statuses[item[STATUS]];
    tr.append(key, cell("td", "c-status " + (data.tones[item[STATUS]] || ""), state), cell("td", "c-class", data.classes[item[CLASS]]), cell("td", "c-why", why(item)),
      cell("td", "c-num", String(item[ATTEMPTS])), cell("td", "c-num", took(item[TOOK])), cell("td", "c-when", when(item)));
    return tr;
  };
  const space = (height) => {
    const tr = document.createElement("tr"), td = document.createElement("td");
    tr.setAttribute("aria-hidden", "true");
    td.colSpan = 7;
    td.style.height = height + "px";
    td.style.padding = "0";
    tr.append(td);
    return tr;
  };
  const draw = () => {
    const from = printing ? 0 : Math.max(0, Math.floor(scroll.scrollTop / ROW) - AROUND);
    const to = printing ? Math.min(shown.length, PRINTED) : Math.min(shown.length, from + Math.ceil(innerHeight / ROW) + 2 * AROUND);
    const focused = document.activeElement && document.activeElement.dataset.n;
    const rows = [];
    if (from > 0) rows.push(space(from * ROW));
    for (let i = from; i < to; i++) rows.push(row(shown[i], i));
    if (to < shown.length && !printing) rows.push(space((shown.length - to) * ROW));
    body.replaceChildren(...rows);
    if (focused !== undefined) {
      const again = body.querySelector('button[data-n="' + Number(focused) + '"]');
      if (again) again.focus({preventScroll: true});
    }
  };
  const order = () => {
    if (!by) return;
    const value = columns[by], values = new Array(data.items.length);
    for (const n of shown) values[n] = value(data.items[n]);
    shown.sort((a, b) => (values[a] < values[b] ? -1 : values[a] > values[b] ? 1 : a - b) * (down ? -1 : 1));
  };
  const select = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = [];
    for (let n = 0; n < data.items.length; n++) {
      if (status.value !== "" && data.items[n][STATUS] !== Number(status.value)) continue;
      if (words.every((w) => haystack[n].includes(w))) shown.push(n);
    }
    order();
    scroll.scrollTop = 0;
    $("items").setAttribute("aria-rowcount", shown.length + 1);
    count.textContent = shown.length.toLocaleString("en") + " of " + data.items.length.toLocaleString("en") + " items";
    draw();
  };
  const tell = (item) => {
    $("detail-key").textContent = item[KEY];
    const list = $("detail-list"), add = (name, text, link) => {
      if (!text) return;
      const dt = document.createElement("dt"), dd = document.createElement("dd");
      dt.textContent = name;
      if (link) {
        const a = document.createElement("a");
        a.href = link;
        a.textContent = text;
        dd.append(a);
      } else dd.textContent = text;
      list.append(dt, dd);
    };
    list.replaceChildren();
    add("status", data.statuses[item[STATUS]]);
    add("class", data.classes[item[CLASS]]);
    add("reason", why(item));
    add("step", data.steps[item[STEP]]);
    add("attempts", String(item[ATTEMPTS]));
    add("last attempt", took(item[TOOK]));
    add("finished", when(item));
    for (const name of item[FILES] || []) add("file", name, data.files && data.files + name.split("/").map(encodeURIComponent).join("/"));
    $("detail").showModal();
  };

  search.addEventListener("input", select);
  status.addEventListener("change", select);
  scroll.addEventListener("scroll", draw, {passive: true});
  addEventListener("resize", draw);
  addEventListener("beforeprint", () => { printing = true; draw(); });
  addEventListener("afterprint", () => { printing = false; draw(); });
  body.addEventListener("click", (e) => { if (e.target.dataset.n !== undefined) tell(data.items[Number(e.target.dataset.n)]); });
  $("detail-close").addEventListener("click", () => $("detail").close());
  for (const button of document.querySelectorAll("[data-sort]")) {
    button.addEventListener("click", () => {
      down = by === button.dataset.sort && !down;
      by = button.dataset.sort;
      for (const th of document.querySelectorAll("#items thead th")) th.removeAttribute("aria-sort");
      button.closest("th").setAttribute("aria-sort", down ? "descending" : "ascending");
      order();
      draw();
    });
  }
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const code = button.parentElement.querySelector("code");
      getSelection().selectAllChildren(code);
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Selected";
      }
    });
  }
  select();
})();
