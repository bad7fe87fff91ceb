// The lot manager: one page, whose addresses are states of this script.
(function () {
  'use strict';
  const root = document.getElementById('app');
  let vehicles = [];

  function element(tag, props, ...children) {
    const e = Object.assign(document.createElement(tag), props);
    e.append(...children);
    return e;
  }

  async function ask(path) {
    const answer = await fetch(path);
    if (answer.status === 401) { location.href = '/login?expired=1'; }
    if (!answer.ok) { throw new Error('The lot manager cannot be reached (' + answer.status + ')'); }
    return answer.json();
  }

  function go(path) {
    history.pushState(null, '', path);
    route();
  }

  // The list is saved by the script itself: the server has no such file.
  function saveList() {
    const rows = ['Stock Number,VIN,Make'].concat(vehicles.map((v) => [v.stock, v.vin, v.make].join(',')));
    const a = element('a', {
      href: URL.createObjectURL(new Blob([rows.join('\r\n') + '\r\n'], {type: 'text/csv'})), download: 'lot.csv',
    });
    a.click();
  }

  function tiles(list, filter) {
    list.replaceChildren(...vehicles.filter((v) => v.stock.startsWith(filter.toUpperCase())).map((v) => {
      const a = element('a', {className: 'tile', href: '/app/vehicles/' + v.stock},
        element('b', {}, v.stock), element('div', {}, v.year + ' ' + v.make + ' ' + v.model));
      a.onclick = (event) => { event.preventDefault(); go(a.getAttribute('href')); };
      return element('li', {}, a);
    }));
  }

  function showList() {
    const list = element('ul', {className: 'tiles'});
    const search = element('input', {placeholder: 'Find a vehicle'});
    search.oninput = () => tiles(list, search.value);
    const save = element('button', {type: 'button', onclick: saveList}, 'Save list');
    tiles(list, '');
    root.replaceChildren(element('h1', {}, 'On the lot'), element('div', {className: 'tools-row'}, search, save), list);
  }

  async function showVehicle(stock) {
    root.replaceChildren(element('p', {className: 'muted'}, 'Loading…'));
    const v = await ask('/app/data/vehicles/' + encodeURIComponent(stock));
    const prepare = element('button', {type: 'button'}, 'Prepare report');
    prepare.onclick = () => {
      const link = element('a', {className: 'action', href: '/app/data/reports/' + v.stock, download: ''}, 'Download report');
      prepare.replaceWith(link);
    };
    const back = element('a', {href: '/app', onclick: (event) => { event.preventDefault(); go('/app'); }}, 'All vehicles');
    root.replaceChildren(back, element('h1', {}, v.year + ' ' + v.make + ' ' + v.model), element('p', {},
      'Stock number ', element('b', {id: 'stock'}, v.stock), ', VIN ', element('b', {id: 'vin'}, v.vin)), prepare);
  }

  async function route() {
    const path = location.pathname.replace(/\/$/, '');
    try {
      if (vehicles.length === 0) { vehicles = await ask('/app/data/vehicles'); }
      if (path === '/app') { showList(); return; }
      await showVehicle(path.split('/').pop());
    } catch (e) {
      root.replaceChildren(element('p', {className: 'alert'}, e.message));
    }
  }

  window.onpopstate = route;
  route();
})();
