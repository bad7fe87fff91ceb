// The report builder: what it saves, it makes itself.
(function () {
  'use strict';
  const choice = document.getElementById('vehicle');
  const build = document.getElementById('build');
  const facts = document.getElementById('facts');
  const progress = document.getElementById('progress');
  let vehicles = [];

  async function ask(path) {
    const answer = await fetch(path);
    if (answer.status === 401) { location.href = '/login?expired=1'; }
    if (!answer.ok) { throw new Error('The report could not be built (' + answer.status + ')'); }
    return answer.json();
  }

  function save(parts, type, name) {
    const a = document.createElement('a');
    a.href = URL.createObjectURL(new Blob(parts, {type: type}));
    a.download = name;
    a.click();
  }

  choice.onchange = () => {
    const v = vehicles.find((v) => v.stock === choice.value);
    build.disabled = !v;
    facts.innerHTML = '';
    if (v) { facts.append(v.year + ' ' + v.make + ' ' + v.model + ', VIN ', Object.assign(document.createElement('b'), {id: 'vin', textContent: v.vin})); }
  };

  document.getElementById('builder').onsubmit = async (event) => {
    event.preventDefault();
    progress.textContent = 'Building the report…';
    try {
      const report = await ask('/blobs/data/reports/' + encodeURIComponent(choice.value));
      save([Uint8Array.from(atob(report.content), (c) => c.charCodeAt(0))], 'application/pdf', report.name);
      progress.textContent = 'The report is saved.';
    } catch (e) {
      progress.textContent = e.message;
    }
  };

  document.getElementById('save-list').onclick = () => {
    const rows = ['Stock Number,VIN,Make'].concat(vehicles.map((v) => [v.stock, v.vin, v.make].join(',')));
    save([rows.join('\r\n') + '\r\n'], 'text/csv', 'vehicles.csv');
  };

  ask('/blobs/data/vehicles').then((all) => {
    vehicles = all;
    choice.append(...vehicles.map((v) => Object.assign(document.createElement('option'), {value: v.stock, textContent: v.stock + ' · ' + v.make})));
  });
})();
