// Attention of a model of Life, drawn as a board: choose the cell that is predicted, and see where a head looks.

class LifeAttention extends Drawn {
  constructor(figure, data) {
    super();
    Object.assign(this, { figure, data, at: Math.floor(data.width / 2) * (data.width + 1) });
    this.heads = data.heads.map(head => ({ name: head.name, weights: decode(head.weights) }));
    this.head = this.heads[0];
    const row = make('div', 'chooser'), label = make('label', '', 'Head'), select = make('select');
    this.heads.forEach((head, i) => select.append(new Option(head.name, i)));
    select.onchange = () => {
      this.head = this.heads[Number(select.value)];
      this.changed();
    };
    label.append(select);
    row.append(label);
    this.canvas = make('canvas', 'editor');
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute('role', 'img');
    this.reads = make('p', 'reads');
    this.reads.setAttribute('aria-live', 'polite');
    const left = data.left_out ? ` ${data.left_out} heads that look at the neighbours less are left out here.` : '';
    figure.append(row, this.canvas, this.reads, make('p', 'small',
      `Click a cell, or use the arrow keys: the colours are the attention for each cell of the question when that cell of ` +
      `the answer is predicted, mean over ${data.boards} boards.${left}`));
    this.listen();
  }

  listen() {
    new ResizeObserver(() => this.changed()).observe(this.figure);
    const n = this.data.width;
    this.canvas.addEventListener('pointerdown', e => {
      const size = this.canvas.clientWidth / n, x = Math.floor(e.offsetX / size), y = Math.floor(e.offsetY / size);
      if (x < 0 || y < 0 || x >= n || y >= n) return;
      this.at = y * n + x;
      this.changed();
    });
    this.canvas.addEventListener('keydown', e => {
      const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -n, ArrowDown: n }[e.key];
      if (by === undefined) return;
      e.preventDefault();
      this.at = (this.at + by + n * n) % (n * n);
      this.changed();
    });
  }

  /** The weights for each cell of the question. */
  looked() {
    const cells = this.data.width * this.data.width;
    return this.head.weights.slice(this.at * cells, (this.at + 1) * cells);
  }

  draw() {
    const n = this.data.width, size = Math.min(this.figure.clientWidth - 32, 400);
    if (size < 40) return;
    const g = surface(this.canvas, size, size), cell = size / n, colour = colours(this.figure);
    const weights = this.looked(), most = Math.max(...weights), stops = [0, 1, 2, 3, 4].map(i => rgb(colour(`heat-${i}`)));
    weights.forEach((weight, i) => {
      const x = (i % n) * cell, y = Math.floor(i / n) * cell, fill = mix(stops, most > 0 ? weight / most : 0);
      g.fillStyle = `rgb(${fill})`;
      g.fillRect(x, y, cell - 1, cell - 1);
      if (cell < 40) return;
      g.fillStyle = fill[0] * 0.3 + fill[1] * 0.59 + fill[2] * 0.11 < 140 ? '#fff' : '#10161c';
      g.textAlign = 'center';
      g.fillText(decimals(weight, 0.01), x + cell / 2, y + cell / 2);
    });
    g.strokeStyle = colour('curve-1');
    g.lineWidth = 3;
    g.strokeRect((this.at % n) * cell + 1.5, Math.floor(this.at / n) * cell + 1.5, cell - 4, cell - 4);
    const sum = weights.reduce((a, b) => a + b, 0), top = weights.indexOf(most);
    const place = i => `row ${Math.floor(i / n) + 1}, column ${i % n + 1}`;
    this.reads.textContent = `Predicting ${place(this.at)}, head ${this.head.name} has ${decimals(sum, 0.01)} of its attention ` +
      `on the board, most at ${place(top)} (${decimals(most, 0.01)}); full colour is ${decimals(most, 0.01)}`;
    this.canvas.setAttribute('aria-label', `Board of attention. ${this.reads.textContent}`);
  }
}
