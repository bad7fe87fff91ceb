// The feed: more cards come when its end is scrolled into view.
(function () {
  'use strict';
  const feed = document.getElementById('feed');
  const end = document.getElementById('more');
  let busy = false, seen = false;

  async function more() {
    if (busy || !seen) { return; }
    busy = true;
    const answer = await fetch('/feed/cards?from=' + feed.childElementCount);
    busy = false;
    if (answer.status === 401) { location.href = '/login?expired=1'; return; }
    if (!answer.ok) { end.textContent = 'The feed cannot be loaded.'; return; }
    feed.insertAdjacentHTML('beforeend', await answer.text());
    if (answer.headers.get('X-More') !== 'true') {
      watch.disconnect();
      end.hidden = true;
      document.getElementById('end').hidden = false;
      return;
    }
    // Still in view: the cards were too few to push it out, so look once more.
    watch.unobserve(end);
    watch.observe(end);
  }

  const watch = new IntersectionObserver((entries) => {
    seen = entries[entries.length - 1].isIntersecting;
    more();
  });
  watch.observe(end);
})();
