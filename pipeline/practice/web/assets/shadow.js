// The showroom is made of components, each with a shadow of its own.
(function () {
  'use strict';
  const style = '<style>:host { display: block; } .row { display: flex; gap: 16px; padding: 10px; background: #fff; border-bottom: 1px solid #e5e7eb; }'
    + ' button { padding: 6px 12px; } dialog { border: 0; border-radius: 10px; padding: 24px; }</style>';

  function shadowOf(host, html) {
    const shadow = host.shadowRoot || host.attachShadow({mode: 'open'});
    shadow.innerHTML = style + html;
    return shadow;
  }

  async function ask(path) {
    const answer = await fetch(path);
    if (answer.status === 401) { location.href = '/login?expired=1'; }
    if (!answer.ok) { throw new Error('The showroom is closed (' + answer.status + ')'); }
    return answer.json();
  }

  customElements.define('showroom-board', class extends HTMLElement {
    async connectedCallback() {
      const shadow = shadowOf(this, '<label>Search <input id="search"></label> <a href="/shadow/list" role="button">Save list</a><div id="rows"></div>'
        + '<showroom-sheet></showroom-sheet>');
      const rows = shadow.getElementById('rows');
      const sheet = shadow.querySelector('showroom-sheet');
      const vehicles = await ask('/shadow/data/vehicles');
      const draw = () => {
        const wanted = shadow.getElementById('search').value.toUpperCase();
        rows.replaceChildren(...vehicles.filter((v) => v.stock.startsWith(wanted)).map((v) => {
          const row = document.createElement('showroom-row');
          row.vehicle = v;
          row.addEventListener('details', () => sheet.open(v.stock));
          return row;
        }));
      };
      shadow.getElementById('search').oninput = draw;
      draw();
    }
  });

  customElements.define('showroom-row', class extends HTMLElement {
    connectedCallback() {
      const v = this.vehicle;
      const shadow = shadowOf(this, '<div class="row"><b class="stock"></b><span class="what"></span><button>Details</button></div>');
      shadow.querySelector('.stock').textContent = v.stock;
      shadow.querySelector('.what').textContent = v.year + ' ' + v.make + ' ' + v.model;
      shadow.querySelector('button').onclick = () => this.dispatchEvent(new Event('details'));
    }
  });

  customElements.define('showroom-sheet', class extends HTMLElement {
    async open(stock) {
      const v = await ask('/shadow/data/vehicles/' + encodeURIComponent(stock));
      const shadow = shadowOf(this, '<dialog open><h2></h2><p>Stock number <b id="stock"></b></p><p>VIN <b id="vin"></b></p><button>Print report</button></dialog>');
      shadow.querySelector('h2').textContent = v.year + ' ' + v.make + ' ' + v.model;
      shadow.getElementById('stock').textContent = v.stock;
      shadow.getElementById('vin').textContent = v.vin;
      shadow.querySelector('button').onclick = () => window.open('/shadow/report/' + v.stock);
    }
  });
})();
