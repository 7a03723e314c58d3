// The attention explorer: heads as thumbnails, the tokens of an example as text, the pattern of the chosen heads large.

/** The large pattern: what is pointed at in it is pointed at in the text, and the other way round. */
class PatternMap extends HeatMap {
  constructor(box, data, explorer) {
    super(box, data);
    this.explorer = explorer;
    for (const kind of ['pointerdown', 'keydown']) this.box.addEventListener(kind, () => explorer.keep(explorer.token));
  }

  read(cell) {
    super.read(cell);
    this.explorer.point(cell ? cell[this.explorer.backwards ? 1 : 0] : null);
  }

  draw() {
    super.draw();
    if (!this.frame) return;
    const { left, top, size } = this.frame, n = this.data.rows.length, { token, backwards } = this.explorer;
    const g = this.canvas.getContext('2d');
    g.strokeStyle = colours(this.box)('curve-1');
    g.lineWidth = 2;
    if (backwards) g.strokeRect(left + token * size - 0.5, top - 1, size, n * size + 1);
    else g.strokeRect(left - 1, top + token * size - 0.5, n * size + 1, size);
  }
}

/**
 * State: the example; the chosen heads (numbers that count through all layers) and the one under the pointer, which stands in for them;
 * the kept token and the one under the pointer; whether a token looks or is looked at.
 */
class AttentionExplorer extends Drawn {
  constructor(figure, data) {
    super();
    Object.assign(this, { figure, data, example: 0, chosen: [0], passing: null, backwards: false });
    this.n = data.positions.length;
    this.kept = this.token = this.n - 1;
    this.values = data.examples.map(example => decode(example.values));
    this.build();
    this.listen();
  }

  build() {
    this.figure.querySelector('figcaption').append(this.direction());
    const box = make('div', 'explore');
    const right = make('div', 'look');
    right.append(this.tokens(), this.reads = make('p', 'reads'), this.pattern = make('div', 'heat'));
    this.reads.setAttribute('aria-live', 'polite');
    box.append(this.heads(), right);
    if (this.data.layers > 1 && this.n <= 64) box.append(this.wiring());
    const several = this.data.heads > 1 ? ' A layer’s name takes all of its heads.' : '';
    this.figure.append(this.chooser(), box, make('p', 'small keys', 'Point at a token, a head or a cell; a click keeps it. Keys: ' +
      '← → ↑ ↓ go from token to token or from head to head, Shift with them, or with a click, takes several heads.' + several));
    const { positions } = this.data;
    this.map = new PatternMap(this.pattern, { title: 'Pattern of the chosen heads', rows: positions, columns: positions, rowAxis: 'query',
      columnAxis: 'key', low: 0, high: 1, missing: 'masked', values: { f4: '' } }, this);
  }

  direction() {
    const group = make('div', 'choice way');
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', 'Direction');
    group.append(make('span', '', 'a token'));
    this.ways = [['attends to', false], ['attended to by', true]].map(([text, backwards]) => {
      const button = make('button', '', text);
      button.onclick = () => { this.backwards = backwards; this.changed(); };
      group.append(button);
      return { button, backwards };
    });
    return group;
  }

  chooser() {
    const row = make('div', 'chooser'), label = make('label', '', 'Example');
    this.select = make('select');
    this.data.examples.forEach((example, i) => this.select.append(new Option(example.name, i)));
    this.select.onchange = () => this.show(Number(this.select.value));
    label.append(this.select);
    this.steps = [['‹', 'Previous example', -1], ['›', 'Next example', 1]].map(([text, title, by]) => {
      const button = make('button', '', text);
      button.title = title;
      button.setAttribute('aria-label', title);
      button.onclick = () => this.show(this.example + by);
      return button;
    });
    this.count = make('span', 'small');
    row.append(label, ...this.steps, this.count);
    row.hidden = this.data.examples.length === 1;
    return row;
  }

  heads() {
    const { layers, heads } = this.data, box = make('div', 'thumbs');
    box.setAttribute('role', 'group');
    box.setAttribute('aria-label', 'Heads');
    this.thumbs = [];
    for (let layer = 0; layer < layers; layer++) {
      const row = make('div', 'layer'), own = Array.from({ length: heads }, (_, head) => layer * heads + head);
      const name = make(heads > 1 ? 'button' : 'span', 'layer-name', 'Layer ' + layer);
      if (heads > 1) {
        name.title = `All heads of layer ${layer}, as their mean`;
        name.onclick = () => this.choose(own);
      }
      row.append(name);
      for (const h of own) {
        const button = make('button', 'thumb'), small = make('div'), canvas = make('canvas'), mark = make('i');
        small.append(canvas, mark);
        button.setAttribute('aria-label', this.name(h));
        button.title = this.name(h);
        button.append(small);
        if (heads > 1) button.append(make('span', '', h % heads));
        row.append(button);
        this.thumbs.push({ button, canvas, mark });
      }
      box.append(row);
    }
    return box;
  }

  tokens() {
    const box = make('div', 'tokens');
    box.setAttribute('role', 'radiogroup');
    box.setAttribute('aria-label', 'Tokens');
    this.chips = this.data.positions.map(position => {
      const chip = make('button', 'token');
      chip.setAttribute('role', 'radio');
      const [word, weight] = [make('b'), make('span')];
      chip.append(make('small', '', position), word, weight);
      box.append(chip);
      return { chip, word, weight };
    });
    this.line = box;
    return box;
  }

  /** All layers at once, where there is more than one. */
  wiring() {
    const box = make('div', 'wiring');
    this.paths = { box, title: make('h4'), canvas: make('canvas') };
    this.paths.canvas.setAttribute('role', 'img');
    box.append(this.paths.title, this.paths.canvas, make('p', 'reads', 'Lines: attention of each layer, of its chosen heads or else the mean of all. ' +
      'Blue: the strongest paths to the token pointed at, by the product of the weights along each.'));
    return box;
  }

  listen() {
    new ResizeObserver(() => this.changed()).observe(this.figure);
    this.thumbs.forEach(({ button }, h) => {
      button.onclick = e => (e.shiftKey || e.ctrlKey || e.metaKey ? this.toggle(h) : this.choose([h]));
      button.onpointerenter = e => { if (e.pointerType === 'mouse') this.pass(h); };
      button.onpointerleave = () => this.pass(null);
      button.onkeydown = e => this.headKey(e, h);
    });
    this.chips.forEach(({ chip }, i) => {
      chip.onpointerenter = e => { if (e.pointerType === 'mouse') this.point(i); };
      chip.onclick = () => this.keep(i);
      chip.onfocus = () => { if (chip.matches(':focus-visible')) this.keep(i); };
      chip.onkeydown = e => this.tokenKey(e, i);
    });
    this.line.onpointerleave = () => this.point(null);
  }

  headKey(e, h) {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.data.heads, ArrowDown: this.data.heads }[e.key];
    if (!by || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    const to = h + by;
    if (to < 0 || to >= this.thumbs.length) return;
    if (e.shiftKey) this.chosen = [...new Set([...this.chosen, to])]; else this.chosen = [to];
    this.stop = to;
    this.thumbs[to].button.tabIndex = 0;
    this.thumbs[to].button.focus();
    this.changed();
  }

  tokenKey(e, i) {
    const to = { ArrowLeft: i - 1, ArrowUp: i - 1, ArrowRight: i + 1, ArrowDown: i + 1, Home: 0, End: this.n - 1 }[e.key];
    if (to === undefined || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    this.keep(Math.max(0, Math.min(this.n - 1, to)));
    this.chips[this.kept].chip.tabIndex = 0;
    this.chips[this.kept].chip.focus();
  }

  choose(heads) {
    Object.assign(this, { chosen: heads, stop: heads[0], passing: null });
    this.changed();
  }

  /** One head more or less, but never none. */
  toggle(h) {
    const others = this.chosen.filter(other => other !== h);
    this.chosen = others.length === this.chosen.length ? [...others, h] : others.length ? others : [h];
    Object.assign(this, { stop: h, passing: null });
    this.changed();
  }

  pass(h) {
    this.passing = h;
    this.changed();
  }

  point(i) {
    this.token = i ?? this.kept;
    this.changed();
  }

  keep(i) {
    this.kept = this.token = i;
    this.changed();
  }

  show(example) {
    this.example = Math.max(0, Math.min(this.data.examples.length - 1, example));
    this.drawn = null;
    this.changed();
  }

  name(h) {
    const { heads } = this.data, layer = Math.floor(h / heads);
    return heads === 1 ? `Layer ${layer}` : `Layer ${layer}, head ${h % heads}`;
  }

  /** The heads looked at, and in words. */
  looking() {
    return this.passing === null ? this.chosen.toSorted((a, b) => a - b) : [this.passing];
  }

  who(heads) {
    return heads.length === 1 ? this.name(heads[0]) : `Mean of ${heads.length} heads`;
  }

  /** From a query to a key, the mean over heads, of which a closed one looks there with 0; NaN where the masks of all are closed. */
  weight(heads, query, key) {
    const values = this.values[this.example], open = heads.map(h => values[(h * this.n + query) * this.n + key]).filter(w => !Number.isNaN(w));
    return open.length === 0 ? NaN : open.reduce((sum, w) => sum + w, 0) / heads.length;
  }

  draw() {
    const heads = this.looking(), { examples } = this.data;
    const colour = colours(this.figure), stops = [0, 1, 2, 3, 4].map(i => rgb(colour(`heat-${i}`)));
    const state = this.example + stops.join();
    if (this.drawn !== state) this.thumbs.forEach(({ canvas }, h) => this.drawThumb(canvas, h, stops));
    this.drawn = state;
    for (const { button, backwards } of this.ways) button.setAttribute('aria-pressed', this.backwards === backwards);
    this.select.value = this.example;
    this.steps[0].disabled = this.example === 0;
    this.steps[1].disabled = this.example === examples.length - 1;
    this.count.textContent = `${this.example + 1} of ${examples.length}`;
    this.showHeads();
    this.showTokens(heads, stops);
    this.map.data.title = this.who(heads);
    this.map.values = Float32Array.from({ length: this.n * this.n }, (_, i) => this.weight(heads, Math.floor(i / this.n), i % this.n));
    this.map.draw();
    if (this.paths) this.drawWiring(heads, colour);
  }

  /** Rows of tokens, the embeddings at the bottom; the share of each line that belongs to the token pointed at, along the best way. */
  drawWiring(heads, colour) {
    const { layers, heads: count, positions } = this.data, { box, title, canvas } = this.paths, n = this.n, words = this.data.examples[this.example].tokens;
    const width = box.clientWidth, rise = 74, height = layers * rise + 56;
    if (width < 50) return;
    title.textContent = this.backwards ? `From ${positions[this.token]} through the layers` : `Through the layers to ${positions[this.token]}`;
    canvas.setAttribute('aria-label', title.textContent + ': the attention of all layers as lines between tokens');
    const g = surface(canvas, width, height), left = 52, px = i => left + (i + 0.5) * (width - left) / n, py = l => height - 34 - l * rise;
    const of = Array.from({ length: layers }, (_, l) => {
      const own = heads.filter(h => Math.floor(h / count) === l);
      return own.length ? own : Array.from({ length: count }, (_, h) => l * count + h);
    });
    const { reach, lines } = this.reach(of);
    g.lineCap = 'round';
    for (const { l, q, k, w, share } of lines.sort((a, b) => a.share - b.share)) {
      g.strokeStyle = colour(share > 0.02 ? 'curve-0' : 'muted');
      g.globalAlpha = share > 0.02 ? 0.25 + 0.75 * share : 0.1 + 0.25 * w;
      g.lineWidth = 0.8 + 4 * (share > 0.02 ? share : w / 4);
      line(g, px(k), py(l) - 9, px(q), py(l + 1) + 9);
    }
    g.globalAlpha = 1;
    for (let l = 0; l <= layers; l++) {
      g.textAlign = 'left';
      g.fillStyle = colour('muted');
      if (l < layers) g.fillText('layer ' + l, 0, py(l) - rise / 2);
      g.textAlign = 'center';
      for (let i = 0; i < n; i++) {
        const own = reach[l][i] > 0.02;
        g.fillStyle = colour(own ? 'curve-0' : 'line');
        g.beginPath();
        g.arc(px(i), py(l), own ? 5 : 3.5, 0, 7);
        g.fill();
      }
    }
    const half = text => g.measureText(text).width / 2, centre = (text, i) => Math.min(px(i), width - half(text)); // None is cut off.
    const fits = texts => { // Where there are many, those that would overlap are left out, never the token pointed at.
      const [left, right] = [-1, 1].map(side => i => centre(texts[i], i) + side * (half(texts[i]) + 2));
      const own = this.token, from = left(own), to = right(own);
      let end = -Infinity;
      return Array.from({ length: n }, (_, i) => {
        const fit = i === own || (left(i) >= end && (i < own ? right(i) <= from : left(i) >= to));
        if (fit) end = right(i);
        return fit;
      });
    };
    const numbered = fits(positions), worded = fits(words);
    for (let i = 0; i < n; i++) {
      g.fillStyle = colour(i === this.token ? 'ink' : 'muted');
      if (numbered[i]) g.fillText(positions[i], centre(positions[i], i), py(layers) - 16);
      if (worded[i]) g.fillText(words[i], centre(words[i], i), py(0) + 17);
    }
  }

  /** By layer: how much of each position's row belongs to the token, as the largest product of weights; what stays in place counts whole. */
  reach(heads) {
    const layers = heads.length, lines = [], reach = Array.from({ length: layers + 1 }, () => new Float64Array(this.n));
    reach[this.backwards ? 0 : layers][this.token] = 1;
    for (let step = 0; step < layers; step++) {
      const l = this.backwards ? step : layers - 1 - step, [from, to] = this.backwards ? [reach[l], reach[l + 1]] : [reach[l + 1], reach[l]];
      from.forEach((share, i) => { to[i] = Math.max(to[i], share); });
      for (let q = 0; q < this.n; q++) {
        for (let k = 0; k < this.n; k++) {
          const w = this.weight(heads[l], q, k), [i, j] = this.backwards ? [k, q] : [q, k];
          if (!(w >= 0.02)) continue;
          to[j] = Math.max(to[j], from[i] * w);
          lines.push({ l, q, k, w, share: from[i] * w });
        }
      }
    }
    return { reach, lines };
  }

  drawThumb(canvas, h, stops) {
    const n = this.n, size = Math.min(96, n * Math.max(1, Math.floor(76 / n))), cell = size / n, gap = cell > 6 ? 1 : 0;
    const g = surface(canvas, size, size);
    for (let i = 0; i < n * n; i++) {
      const value = this.weight([h], Math.floor(i / n), i % n);
      if (Number.isNaN(value)) continue;
      g.fillStyle = `rgb(${mix(stops, value)})`;
      g.fillRect((i % n) * cell, Math.floor(i / n) * cell, cell - gap, cell - gap);
    }
  }

  showHeads() {
    const line = `${(this.token / this.n) * 100}%`, thick = `${100 / this.n}%`;
    this.thumbs.forEach(({ button, mark }, h) => {
      button.setAttribute('aria-pressed', this.chosen.includes(h));
      button.tabIndex = h === (this.stop ?? 0) ? 0 : -1;
      Object.assign(mark.style, this.backwards ? { left: line, width: thick, top: 0, height: '100%' } : { top: line, height: thick, left: 0, width: '100%' });
    });
  }

  showTokens(heads, stops) {
    const words = this.data.examples[this.example].tokens, at = i => (words[i] === this.data.positions[i] ? words[i] : `${this.data.positions[i]} (${words[i]})`);
    const row = words.map((_, i) => (this.backwards ? this.weight(heads, i, this.token) : this.weight(heads, this.token, i)));
    const strongest = [...row.keys()].filter(i => row[i] >= 0.0005).sort((a, b) => row[b] - row[a]);
    const most = strongest.slice(0, 5).map(i => `${at(i)} ${row[i].toFixed(3)}`).join(', ') + (strongest.length > 5 ? ', …' : '');
    const text = `${this.who(heads)}: ${at(this.token)} ${this.backwards ? 'is attended to by' : 'attends to'} ${most || 'nothing'}`;
    this.chips.forEach(({ chip, word, weight }, i) => {
      const open = !Number.isNaN(row[i]), fill = open ? mix(stops, row[i]) : null;
      word.textContent = words[i];
      weight.textContent = open ? row[i].toFixed(3) : 'closed';
      chip.style.background = fill ? `rgb(${fill})` : '';
      chip.style.color = fill ? (fill[0] * 0.3 + fill[1] * 0.59 + fill[2] * 0.11 < 140 ? '#fff' : '#10161c') : '';
      chip.classList.toggle('closed', !open);
      chip.classList.toggle('at', i === this.token);
      chip.setAttribute('aria-checked', i === this.kept);
      chip.setAttribute('aria-label', i === this.token ? text : `${at(i)}: ${open ? row[i].toFixed(3) : 'closed by the mask'}`);
      chip.title = open ? reading('number', row[i]) : 'closed by the mask';
      chip.tabIndex = i === this.kept ? 0 : -1;
    });
    this.reads.setAttribute('aria-live', this.map.cell ? 'off' : 'polite');
    if (this.reads.textContent !== text) this.reads.textContent = text;
  }
}
