// The counter: what it exports is not well escaped, and what it saves goes where
// its user says.
(function () {
  'use strict';
  const stock = document.getElementById('stock').textContent;
  const rows = [['Stock', 'VIN', 'Margin'], [stock, document.getElementById('vin').textContent, '12.5% of "list"']];
  const text = '\n' + rows.map(row => row.join(';')).join('\n');
  const state = document.getElementById('state');

  document.getElementById('export').onclick = () => {
    const a = document.createElement('a');
    a.download = stock + '.csv';
    a.href = 'data:text/csv;charset=iso-8859-1,' + rows.map(row => row.join(';')).join('%0A') + '%0AM%FCller';
    a.click();
    state.textContent = 'Exported.';
  };

  document.getElementById('save').onclick = async () => {
    const file = await showSaveFilePicker({suggestedName: stock + '.txt', types: [{accept: {'text/plain': ['.txt']}}]});
    const out = await file.createWritable();
    await out.write(text);
    await out.close();
    state.textContent = 'Saved ' + (await file.getFile()).size;
  };

  document.getElementById('sheet').onclick = () => window.open('/counter/sheet/' + stock);
})();
