// The mail room: it polls all the time, and fetches what may be asked for next.
(function () {
  'use strict';
  const mine = document.getElementById('stock').textContent;
  const next = document.getElementById('content').dataset.next;
  const state = document.getElementById('state');
  const bytes = path => fetch(path).then(answer => answer.blob());

  (async function poll() {
    for (;;) { await bytes('/mailroom/hub?at=' + Date.now()); }
  })().catch(() => {});

  function save(path) {
    const a = document.createElement('a');
    a.href = path;
    a.download = '';
    document.body.append(a);
    a.click();
    a.remove();
  }

  document.getElementById('show').onclick = async () => {
    await bytes('/mailroom/thumbnail');
    await bytes('/mailroom/ahead/' + next);
    const report = await bytes('/mailroom/report/' + mine);
    document.getElementById('viewer').src = URL.createObjectURL(report);
  };

  document.getElementById('both').onclick = () => {
    const papers = ['/mailroom/sticker/' + mine, '/mailroom/equipment/' + mine];
    if (mine.charCodeAt(mine.length - 1) % 2) { papers.reverse(); }
    // One is made by the script, the other a link: two links in a row may end one another.
    bytes(papers[0]).then(first => {
      save(URL.createObjectURL(first));
      setTimeout(save, 400, papers[1]);
    });
  };

  document.getElementById('certificate').onclick = async () => {
    const answer = await fetch('/mailroom/certificate/' + mine);
    if (!answer.ok) { state.textContent = 'There is no certificate.'; return; }
    document.getElementById('viewer').src = URL.createObjectURL(await answer.blob());
  };
})();
