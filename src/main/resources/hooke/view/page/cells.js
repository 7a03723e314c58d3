// The table of cells: sorted by any column, filtered by words, each cell unfolded into its seeds, whose rows are made only then.

class CellTable {
  constructor(box) {
    this.box = box;
    this.table = box.querySelector('table');
    this.body = this.table.tBodies[0];
    this.rows = [...this.body.rows];
    this.seeds = JSON.parse(box.querySelector('script').textContent);
    this.labels = this.rows.map(row => row.cells[0].textContent);
    this.sorted = [-1, 1];
    document.addEventListener('cell', e => this.find(e.detail));
    [...this.table.tHead.rows[0].cells].forEach((head, column) => {
      const button = make('button', 'sort');
      button.title = 'Sort by ' + head.textContent;
      button.onclick = () => this.sort(column);
      button.append(...head.childNodes); // with the explanation of the word, if it has one
      head.append(button);
    });
    this.rows.forEach((row, i) => {
      const button = make('button', 'unfold', '▸');
      button.setAttribute('aria-expanded', 'false');
      button.setAttribute('aria-label', 'Seeds of ' + row.cells[0].textContent);
      button.onclick = () => this.unfold(row, i, button);
      row.cells[0].prepend(button);
    });
    const tools = make('div', 'cell-tools');
    this.filter = make('input', '');
    this.filter.type = 'search';
    this.filter.placeholder = 'Filter cells: words, all of which must occur';
    this.filter.setAttribute('aria-label', 'Filter cells');
    this.filter.oninput = () => this.pick();
    this.count = make('output', 'small');
    const all = make('button', '', 'Unfold all');
    all.onclick = () => this.all(all);
    tools.append(this.filter, this.count, all);
    box.prepend(tools);
    this.pick();
  }

  /** Numbers by their value, what has none last; words by their letters. A second click turns the order. */
  sort(column) {
    const way = this.sorted[0] === column ? -this.sorted[1] : 1;
    this.sorted = [column, way];
    const key = row => row.cells[column].dataset.sort ?? row.cells[column].textContent;
    const numeric = this.rows.every(row => key(row) === '' || !Number.isNaN(Number(key(row))));
    const compare = (a, b) => {
      const [x, y] = [key(a), key(b)];
      if (numeric && (x === '' || y === '')) return (x === '') - (y === '');
      if (numeric) return (Number(x) === Number(y) ? 0 : Number(x) < Number(y) ? -1 : 1) * way;
      return x.localeCompare(y, 'en', { numeric: true }) * way;
    };
    const order = this.rows.map((row, i) => [row, i]).sort((a, b) => compare(a[0], b[0]) || a[1] - b[1]).map(([row]) => row);
    this.body.append(...order.flatMap(row => (row.unfolded ? [row, row.unfolded] : [row])));
    [...this.table.tHead.rows[0].cells].forEach((head, i) => {
      if (i === column) head.setAttribute('aria-sort', way > 0 ? 'ascending' : 'descending'); else head.removeAttribute('aria-sort');
    });
  }

  pick() {
    const words = this.filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of this.rows) {
      row.hidden = !words.every(word => row.textContent.toLowerCase().includes(word));
      if (row.unfolded) row.unfolded.hidden = row.hidden;
      if (!row.hidden) shown++;
    }
    this.count.textContent = shown === this.rows.length ? `${shown} cells` : `${shown} of ${this.rows.length} cells`;
  }

  /** Brings a cell into view, unfolded. */
  find(label) {
    const i = this.labels.indexOf(label), row = this.rows[i];
    if (!row) return;
    if (row.hidden) {
      this.filter.value = '';
      this.pick();
    }
    if (!row.unfolded) this.unfold(row, i, row.querySelector('.unfold'));
    row.scrollIntoView({ block: 'center' });
    row.classList.add('found');
    setTimeout(() => row.classList.remove('found'), 2000);
  }

  all(button) {
    const open = button.textContent === 'Unfold all';
    this.rows.forEach((row, i) => { if (!row.hidden && !!row.unfolded !== open) this.unfold(row, i, row.querySelector('.unfold')); });
    button.textContent = open ? 'Fold all' : 'Unfold all';
  }

  unfold(row, i, button) {
    if (row.unfolded) {
      row.unfolded.remove();
      row.unfolded = null;
    } else {
      row.unfolded = make('tr', 'seeds');
      const cell = make('td');
      cell.colSpan = row.cells.length;
      cell.append(this.seedTable(this.seeds.cells[i]));
      if (this.seeds.hint && this.seeds.cells[i].some(run => run.begun && !run.page)) {
        const hint = make('p', 'small', 'Pages of these runs, with all their curves, settings and events: ');
        hint.append(make('code', '', this.seeds.hint));
        cell.append(hint);
      }
      row.unfolded.append(cell);
      row.after(row.unfolded);
    }
    button.setAttribute('aria-expanded', row.unfolded !== null);
    button.textContent = row.unfolded ? '▾' : '▸';
  }

  seedTable(runs) {
    const table = make('table'), head = make('tr'), body = make('tbody');
    for (const title of [...this.seeds.columns, 'test accuracy over all steps']) head.append(make('th', '', title));
    for (const run of runs) {
      const tr = make('tr');
      for (const text of run.cells) tr.append(make('td', '', text));
      if (run.page) {
        const link = make('a', '', run.cells[0]);
        link.href = run.page;
        tr.cells[0].replaceChildren(link);
      }
      const curve = make('td');
      if (run.curve) curve.append(sparkline(run.curve));
      tr.append(curve);
      body.append(tr);
    }
    const thead = make('thead');
    thead.append(head);
    table.append(thead, body);
    return table;
  }
}

/** A curve in a line of text: bytes from 0 to 250 for 0 to 100%, 255 for nothing. */
function sparkline(base64) {
  const bytes = [...atob(base64)].map(c => c.charCodeAt(0)), space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg'), path = document.createElementNS(space, 'path');
  svg.setAttribute('viewBox', `0 0 ${bytes.length - 1} 22`);
  svg.setAttribute('class', 'spark');
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  let d = '', pen = 'M';
  bytes.forEach((b, x) => {
    if (b === 255) { pen = 'M'; return; }
    d += `${pen}${x} ${(21 - 20 * b / 250).toFixed(1)}`;
    pen = 'L';
  });
  path.setAttribute('d', d);
  svg.append(path);
  return svg;
}
