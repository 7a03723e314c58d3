// The time-lapse: one slider through the checkpoints moves spectrum, plane, attention and losses together.

class TimeLapse extends Drawn {
  constructor(figure, data) {
    super();
    Object.assign(this, { figure, data, frame: 0, at: null, playing: null });
    this.steps = decode(data.steps);
    this.frame = this.steps.length - 1;
    this.spectrum = data.spectrum.groups.map(group => decode(group.values));
    this.planes = data.planes.map(plane => ({ ...plane, points: decode(plane.points), inPlane: decode(plane.inPlane) }));
    this.patterns = data.patterns.map(map => decode(map.values));
    const xs = data.losses.xs.map(decode);
    this.curves = data.losses.curves.map((c, i) => ({ name: c.name, x: xs[c.x], y: decode(c.y), colour: i }));
    this.build();
    this.listen();
  }

  build() {
    this.play = make('button', 'play', '▶ Play');
    this.play.title = 'Play or stop (space)';
    this.slider = make('input');
    Object.assign(this.slider, { type: 'range', min: 0, max: this.steps.length - 1, step: 1, value: this.frame });
    this.slider.setAttribute('aria-label', 'Checkpoint');
    this.now = make('output', 'now');
    const bar = make('div', 'film');
    bar.append(this.play, this.slider, this.now);
    this.panels = {};
    const grid = make('div', 'panels');
    const columns = [make('div'), make('div')];
    grid.append(...columns);
    for (const [name, title, column] of [['spectrum', this.data.spectrum.title, 0], ['losses', this.data.losses.title, 0],
      ['plane', this.planes.length === 1 ? this.planes[0].title : 'Embeddings in the plane of each key frequency', 1], ['patterns', 'Attention, mean over a sample of pairs', 1]]) {
      const panel = make('div', 'panel ' + name);
      const canvas = make('canvas');
      canvas.setAttribute('role', 'img');
      const note = make('p', 'reads');
      panel.append(make('h4', '', title), canvas, note);
      columns[column].append(panel);
      this.panels[name] = { panel, canvas, note };
    }
    this.figure.append(bar, grid);
  }

  listen() {
    new ResizeObserver(() => this.changed()).observe(this.figure);
    this.slider.oninput = () => this.go(Number(this.slider.value));
    this.play.onclick = () => this.toggle();
    this.slider.addEventListener('keydown', e => {
      if (e.key === ' ') {
        e.preventDefault();
        this.toggle();
      }
    });
    const losses = this.panels.losses.canvas, plane = this.panels.plane.canvas;
    const seek = e => this.go(nearest(this.steps, scales[this.x].value(
      this.frameX.low + (e.offsetX - this.frameX.left) / this.frameX.width * (this.frameX.high - this.frameX.low))));
    losses.addEventListener('pointerdown', e => {
      losses.setPointerCapture(e.pointerId);
      seek(e);
    });
    losses.addEventListener('pointermove', e => {
      if (e.buttons & 1) seek(e);
    });
    plane.addEventListener('pointermove', e => { this.at = this.find(e.offsetX, e.offsetY); this.changed(); });
    plane.addEventListener('pointerleave', () => { this.at = null; this.changed(); });
  }

  go(frame) {
    this.frame = Math.max(0, Math.min(this.steps.length - 1, frame));
    this.slider.value = this.frame;
    this.changed();
  }

  /** About eight seconds for the whole film; from the beginning where it is at its end. */
  toggle() {
    if (this.playing) {
      clearInterval(this.playing);
      this.playing = null;
    } else {
      if (this.frame === this.steps.length - 1) this.go(0);
      this.playing = setInterval(() => {
        if (this.frame === this.steps.length - 1) this.toggle(); else this.go(this.frame + 1);
      }, Math.max(40, 8000 / this.steps.length));
    }
    this.play.textContent = this.playing ? '❚❚ Stop' : '▶ Play';
  }

  draw() {
    const step = reading('count', this.steps[this.frame]);
    this.now.textContent = `step ${step}`;
    this.slider.setAttribute('aria-valuetext', `step ${step}`);
    const colour = colours(this.figure);
    this.drawSpectrum(colour);
    this.drawPlane(colour);
    this.drawLosses(colour);
    this.drawPatterns(colour);
  }

  space(name) {
    return this.panels[name].panel.clientWidth;
  }

  drawSpectrum(colour) {
    const { canvas, note } = this.panels.spectrum, width = this.space('spectrum'), height = 300, k = this.data.spectrum.names.length;
    if (width < 50) return;
    const now = this.spectrum.map(values => values.subarray(this.frame * k, (this.frame + 1) * k));
    drawBars(surface(canvas, width, height), width, height, this.data.spectrum, now, colour);
    note.replaceChildren(...this.data.spectrum.marked.map((m, i) => make('span', 'curve-' + i % 6,
      `${this.data.spectrum.names[m]}: ${now.map(values => (100 * values[m]).toFixed(1) + '%').join(' / ')}`)));
    canvas.setAttribute('aria-label', `${this.data.spectrum.title}. ${note.textContent}`);
  }

  /** Planes side by side, two to a row. */
  drawPlane(colour) {
    const { canvas, note } = this.panels.plane, several = this.planes.length > 1, head = several ? 20 : 0;
    const size = several ? Math.min(Math.floor((this.space('plane') - 12) / 2), 300) : Math.min(this.space('plane'), 420);
    if (size < 50) return;
    const n = this.planes[0].labels.length, finders = [];
    const g = surface(canvas, several ? 2 * size + 12 : size, Math.ceil(this.planes.length / 2) * (size + head));
    this.planes.forEach((plane, p) => {
      const left = (p % 2) * (size + 12), top = Math.floor(p / 2) * (size + head) + head;
      g.save();
      g.translate(left, top);
      const find = drawPoints(g, size, plane, plane.points.subarray(this.frame * 2 * n, (this.frame + 1) * 2 * n), this.at, colour);
      if (several) {
        g.fillStyle = colour('ink');
        g.textAlign = 'left';
        g.fillText(`${plane.title.replace(/^.* at /, '')}: ${(100 * plane.inPlane[this.frame]).toFixed(1)}%`, 0, -9);
      }
      g.restore();
      finders.push((x, y) => (x >= left && x < left + size && y >= top && y < top + size ? find(x - left, y - top) : null));
    });
    this.find = (x, y) => finders.reduce((found, find) => found ?? find(x, y), null);
    const share = several ? 'The share of their variance in each plane is given above it'
      : `${(100 * this.planes[0].inPlane[this.frame]).toFixed(1)}% of their spread lies in this plane`;
    note.replaceChildren(...kindsOf(this.planes[0]), share + (this.at === null ? '' : `; pointed at: ${this.planes[0].labels[this.at]}`));
    canvas.setAttribute('aria-label', `${this.planes.map(plane => plane.title).join(', ')}. ${note.textContent}`);
  }

  drawLosses(colour) {
    const { canvas, note } = this.panels.losses, width = this.space('losses'), height = 290;
    if (width < 50) return;
    const g = surface(canvas, width, height), { x: axis, y: yAxis } = this.data.losses;
    this.x = axis.scales[0];
    const x = scales[this.x], scale = yAxis.scales[0], y = scales[scale];
    const values = this.curves.flatMap(c => [...c.y]).filter(v => Number.isFinite(v) && (scale === 'linear' || v > 0));
    const low = y.place(Math.min(...values)), high = y.place(Math.max(...values)), air = (high - low || 1) * 0.04;
    const yTicks = ticks(scale, yAxis.format, y.value(low), y.value(high), height / 45);
    const left = Math.ceil(Math.max(...yTicks.map(t => g.measureText(t.label).width))) + 14;
    const f = { left, top: 12, width: width - left - 12, height: height - 50,
      xLow: x.place(this.steps[0]), xHigh: x.place(this.steps[this.steps.length - 1]) || 1 };
    this.frameX = { left, width: f.width, low: f.xLow, high: f.xHigh };
    f.px = v => left + (x.place(v) - f.xLow) / (f.xHigh - f.xLow || 1) * f.width;
    f.py = v => f.top + (high + air - y.place(v)) / (high - low + 2 * air) * f.height;
    g.lineWidth = 1;
    g.textAlign = 'right';
    for (const tick of yTicks.filter(t => t.label)) {
      g.strokeStyle = colour('line');
      line(g, left, f.py(tick.value), left + f.width, f.py(tick.value));
      g.fillStyle = colour('muted');
      g.fillText(tick.label, left - 7, f.py(tick.value));
    }
    g.textAlign = 'center';
    for (const tick of ticks(this.x, axis.format, this.steps[0], this.steps[this.steps.length - 1], f.width / 75).filter(t => t.label)) {
      g.fillText(tick.label, f.px(tick.value), f.top + f.height + 14);
    }
    g.fillText(axis.label, left + f.width / 2, f.top + f.height + 31);
    for (const curve of this.curves.toReversed()) {
      drawCurve(g, curve, this.steps[0], this.steps[this.steps.length - 1], f, colour('curve-' + curve.colour));
    }
    const at = Math.round(f.px(this.steps[this.frame])) + 0.5;
    g.strokeStyle = colour('ink');
    g.lineWidth = 1.5;
    line(g, at, f.top, at, f.top + f.height);
    note.replaceChildren(...this.curves.map(c => {
      const i = Math.max(0, firstAtLeast(c.x, this.steps[this.frame] + 0.5) - 1);
      return make('span', 'curve-' + c.colour, `${c.name} ${reading(yAxis.format, c.y[i])}`);
    }));
    canvas.setAttribute('aria-label', `${this.data.losses.title}. ${note.textContent}`);
  }

  /** Heads side by side, as large as fits; what the mask closes stays empty. */
  drawPatterns(colour) {
    const { canvas, note } = this.panels.patterns, width = this.space('patterns'), maps = this.data.patterns;
    if (width < 50) return;
    const n = maps[0].rows.length, stops = [0, 1, 2, 3, 4].map(i => rgb(colour(`heat-${i}`)));
    const gutter = 22, across = Math.min(maps.length, Math.max(1, Math.floor(width / (gutter + n * 34))));
    const cell = Math.min(46, (width / across - gutter - 8) / n), block = gutter + n * cell + 12, down = Math.ceil(maps.length / across);
    const g = surface(canvas, width, down * (block + 16));
    maps.forEach((map, h) => {
      const left = (h % across) * (width / across) + gutter, top = Math.floor(h / across) * (block + 16) + 34;
      g.fillStyle = colour('ink');
      g.textAlign = 'left';
      g.fillText(map.title, left, top - 26);
      for (let r = 0; r < n; r++) {
        g.fillStyle = colour('muted');
        g.textAlign = 'right';
        g.fillText(map.rows[r], left - 5, top + (r + 0.5) * cell);
        g.textAlign = 'center';
        g.fillText(map.columns[r], left + (r + 0.5) * cell, top - 8);
        for (let c = 0; c < n; c++) {
          const value = this.patterns[h][(this.frame * n + r) * n + c];
          if (Number.isNaN(value)) continue;
          const fill = mix(stops, value);
          g.fillStyle = `rgb(${fill})`;
          g.fillRect(left + c * cell, top + r * cell, cell - 1, cell - 1);
          if (cell < 28) continue;
          g.fillStyle = fill[0] * 0.3 + fill[1] * 0.59 + fill[2] * 0.11 < 140 ? '#fff' : '#10161c';
          g.textAlign = 'center';
          g.fillText(value.toFixed(2), left + (c + 0.5) * cell, top + (r + 0.5) * cell);
        }
      }
    });
    note.textContent = 'queries downwards, keys across';
    canvas.setAttribute('aria-label', 'Attention patterns of every head at this step');
  }
}
