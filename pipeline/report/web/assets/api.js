import { say } from "./dom.js";

async function call(path, options) {
  const answer = await fetch(path, options);
  const value = await answer.json().catch(() => ({ error: `the server answered ${answer.status}` }));
  if (!answer.ok) throw new Error(value.error || `the server answered ${answer.status}`);
  return value;
}

/** Asks for JSON; the path's parts are joined, each escaped. */
export const get = (parts, query) => call(path(parts, query));
export const post = (parts, body) => call(path(parts), {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
});

const path = (parts, query) => "/api/" + parts.map(encodeURIComponent).join("/") + (query ? "?" + new URLSearchParams(query) : "");

export const specHref = (spec, ...more) => "/specs/" + [spec, ...more].map(encodeURIComponent).join("/");
export const itemHref = (spec, key) => specHref(spec, "item") + "?" + new URLSearchParams({ key });
export const causeHref = (spec, cause) => specHref(spec, "items") + "?" + new URLSearchParams({ status: "failed", class: cause.class, step: cause.step });

/** Does what a button is for, and says what came of it. */
export async function act(button, what, done) {
  button.disabled = true;
  try {
    await what();
    say(done);
  } catch (error) {
    say(error.message);
  } finally {
    button.disabled = false;
  }
}

/** Tells the state of a spec, or of all, now and whenever it changes. */
export function watch(spec, each) {
  const link = document.getElementById("link");
  const source = new EventSource("/api/events" + (spec ? "?" + new URLSearchParams({ spec }) : ""));
  source.addEventListener("state", (event) => {
    link.textContent = "";
    each(JSON.parse(event.data));
  });
  source.addEventListener("error", () => { link.textContent = "The connection to pipe is lost; trying again."; });
  addEventListener("pagehide", () => source.close());
}

/** Calls at most once in so many milliseconds, and a last time for the last that came. */
export function atMost(every, call) {
  let last = 0, waiting = null;
  return () => {
    if (waiting) return;
    waiting = setTimeout(() => { waiting = null; last = Date.now(); call(); }, Math.max(0, last + every - Date.now()));
  };
}
