// Parallel coordinates: one vertical axis a setting, one line a cell. A drag along an axis keeps the lines that pass there.

class ParallelPlot extends Drawn {
  constructor(figure, data) {
    super();
    Object.assign(this, { figure, data, ranges: data.axes.map(() => null), near: -1, axis: 0, drag: null });
    this.box = make('div', 'surface');
    this.box.tabIndex = 0;
    this.box.setAttribute('role', 'application');
    this.box.setAttribute('aria-roledescription', 'parallel coordinates');
    this.box.setAttribute('aria-label', `${data.title}: ${data.lines.length} lines over ${data.axes.map(a => a.label).join(', ')}. ` +
      'Arrow keys up and down read lines, Escape shows all.');
    this.canvas = make('canvas');
    this.box.append(this.canvas);
    const foot = make('div', 'ramp-row');
    this.readout = make('output', '');
    this.readout.setAttribute('aria-live', 'polite');
    const colour = data.axes[data.colour];
    foot.append(make('span', '', colour.label + ':'), make('span', '', this.text(data.colour, colour.low)), make('i', 'ramp lines'),
      make('span', '', this.text(data.colour, colour.high)));
    if (data.lines.some(line => line.values[data.colour] === 'inf')) foot.append(make('i', 'ramp never'), make('span', '', 'not reached'));
    foot.append(this.readout);
    figure.append(this.box, foot);
    this.listen();
  }

  listen() {
    new ResizeObserver(() => this.changed()).observe(this.box);
    const box = this.box;
    box.addEventListener('pointerdown', e => {
      if (e.button !== 0) return;
      box.setPointerCapture(e.pointerId);
      this.near = -1;
      this.drag = { axis: this.axisAt(e.offsetX), from: e.offsetY, to: e.offsetY };
    });
    box.addEventListener('pointermove', e => {
      if (this.drag) this.drag.to = e.offsetY; else this.near = this.nearest(e.offsetX, e.offsetY);
      this.show();
    });
    box.addEventListener('pointerup', () => this.drop());
    box.addEventListener('pointercancel', () => { this.drag = null; this.changed(); });
    box.addEventListener('pointerleave', () => { if (!this.drag) { this.near = -1; this.show(); } });
    box.addEventListener('dblclick', () => this.all());
    box.addEventListener('blur', () => { this.near = -1; this.show(); });
    box.addEventListener('keydown', e => {
      if (e.ctrlKey || e.metaKey || e.altKey) return;
      const by = { ArrowDown: 1, ArrowUp: -1 }[e.key];
      if (!by && e.key !== 'Escape') return;
      e.preventDefault();
      if (!by) return this.all();
      const kept = this.data.lines.map((_, i) => i).filter(i => this.keeps(i));
      if (!kept.length) return;
      const at = kept.indexOf(this.near);
      this.near = kept[at < 0 ? (by > 0 ? 0 : kept.length - 1) : Math.max(0, Math.min(kept.length - 1, at + by))];
      this.show();
    });
  }

  all() {
    this.ranges.fill(null);
    this.near = -1;
    this.show();
  }

  /** A drag keeps what passes there; a click on an axis lets all pass again. */
  drop() {
    const { axis, from, to } = this.drag ?? {};
    this.drag = null;
    if (axis !== undefined && axis >= 0) {
      const share = py => (this.frame.bottom - py) / (this.frame.bottom - this.frame.top);
      this.ranges[axis] = Math.abs(to - from) < 4 ? null : [share(Math.max(from, to)), share(Math.min(from, to))];
    }
    this.show();
  }

  show() {
    const line = this.data.lines[this.near];
    const kept = this.data.lines.filter((_, i) => this.keeps(i)).length;
    this.readout.textContent = line
      ? `${line.label}: ${this.data.axes.map((a, k) => `${a.label} ${this.text(k, line.values[k])}`).slice(-2).join(', ')}`
      : kept < this.data.lines.length ? `${kept} of ${this.data.lines.length}` : '';
    this.changed();
  }

  text(axis, value) {
    const { names, format } = this.data.axes[axis];
    if (names.length) return names[value] ?? 'not known';
    return value === null ? 'not known' : value === 'inf' ? 'not reached' : reading(format, value);
  }

  /** From 0 at the bottom to 1 at the top; what was not reached lies above. */
  share(axis, value) {
    const { low, high, log } = this.data.axes[axis];
    if (value === null) return NaN;
    if (value === 'inf') return 1.09;
    const place = log ? Math.log10 : v => v;
    return low === high ? 0.5 : (place(value) - place(low)) / (place(high) - place(low));
  }

  keeps(i) {
    return this.ranges.every((range, axis) => {
      const at = range && this.share(axis, this.data.lines[i].values[axis]);
      return !range || (at >= range[0] && at <= range[1]);
    });
  }

  axisAt(px) {
    const i = this.frame.x.findIndex(x => Math.abs(x - px) < 22);
    return i;
  }

  nearest(px, py) {
    let best = -1, least = 14;
    const { x } = this.frame, k = Math.max(0, Math.min(x.length - 2, x.findIndex((v, i) => i + 1 < x.length && px < x[i + 1])));
    const t = (px - x[k]) / (x[k + 1] - x[k]);
    this.data.lines.forEach((line, i) => {
      if (!this.keeps(i)) return;
      const a = this.y(k, line.values[k]), b = this.y(k + 1, line.values[k + 1]);
      const away = Math.abs(a + (b - a) * t - py);
      if (away < least) [best, least] = [i, away];
    });
    return best;
  }

  y(axis, value) {
    return this.frame.bottom - this.share(axis, value) * (this.frame.bottom - this.frame.top);
  }

  draw() {
    drawParallel(this);
  }
}

function drawParallel(plot) {
  const width = plot.box.clientWidth, height = plot.box.clientHeight, { axes, lines } = plot.data;
  if (width < 50) return;
  const g = surface(plot.canvas, width, height), colour = colours(plot.box);
  const left = 46, right = 70, tall = axes.some((_, k) => lines.some(line => line.values[k] === 'inf'));
  plot.frame = {
    top: tall ? 62 : 44, bottom: height - 18,
    x: axes.map((_, k) => (axes.length === 1 ? width / 2 : left + (width - left - right) * k / (axes.length - 1))),
  };
  const stops = [0, 1, 2, 3, 4].map(i => rgb(colour(`lines-${i}`)));
  const stroke = (line, kept) => {
    const at = plot.share(plot.data.colour, line.values[plot.data.colour]);
    g.strokeStyle = !kept ? colour('line') : Number.isNaN(at) ? colour('muted') : at > 1 ? colour('never') : `rgb(${mix(stops, at)})`;
    g.beginPath();
    let pen = false;
    line.values.forEach((value, k) => {
      const y = plot.y(k, value);
      if (!Number.isFinite(y)) { pen = false; return; }
      if (pen) g.lineTo(plot.frame.x[k], y); else g.moveTo(plot.frame.x[k], y);
      pen = true;
    });
    g.stroke();
  };
  g.lineWidth = 1.3;
  g.globalAlpha = Math.max(0.25, Math.min(0.9, 60 / lines.length));
  for (const kept of [false, true]) lines.forEach((line, i) => { if (plot.keeps(i) === kept) stroke(line, kept); });
  g.globalAlpha = 1;
  axes.forEach((axis, k) => drawParallelAxis(g, plot, axis, k, colour));
  if (plot.near >= 0) {
    g.lineWidth = 5;
    g.strokeStyle = colour('ink');
    stroke(lines[plot.near], true);
    g.lineWidth = 2.5;
    stroke(lines[plot.near], true);
  }
}

function drawParallelAxis(g, plot, axis, k, colour) {
  const { top, bottom, x } = plot.frame, px = x[k], width = plot.box.clientWidth;
  g.lineWidth = 1;
  g.strokeStyle = colour('muted');
  line(g, px, top, px, bottom);
  g.textAlign = 'left';
  const label = (text, at, ink) => {
    const w = g.measureText(text).width, lx = Math.min(px + 6, width - w - 2);
    g.fillStyle = colour('paper');
    g.globalAlpha = 0.75;
    g.fillRect(lx - 2, at - 8, w + 4, 16);
    g.globalAlpha = 1;
    g.fillStyle = colour(ink);
    g.fillText(text, lx, at);
  };
  if (axis.names.length) {
    const skip = Math.ceil(axis.names.length * 15 / (bottom - top));
    axis.names.forEach((name, i) => { if (i % skip === 0) label(name, plot.y(k, i), 'muted'); });
  } else {
    const same = axis.low === axis.high && [{ value: axis.low, label: reading(axis.format, axis.low) }];
    for (const tick of same || ticks(axis.log ? 'log' : 'linear', axis.format, axis.low, axis.high, 5)) {
      const at = plot.y(k, tick.value);
      if (tick.label && at <= bottom + 1 && at >= top - 1) label(tick.label, at, 'muted');
    }
    if (plot.data.lines.some(l => l.values[k] === 'inf')) label('not reached', plot.y(k, 'inf'), 'never');
  }
  g.textAlign = k === 0 ? 'left' : k === x.length - 1 ? 'right' : 'center';
  g.fillStyle = colour('ink');
  g.font = '600 ' + g.font;
  const room = x.length > 1 ? x[1] - x[0] - 10 : width;
  let text = axis.label;
  while (text.length > 4 && g.measureText(text).width > room) text = text.slice(0, -2) + '…';
  g.fillText(text, k === 0 ? 8 : k === x.length - 1 ? width - 6 : px, k % 2 && room < 80 ? 26 : 12);
  g.font = g.font.replace('600 ', '');
  const range = plot.drag?.axis === k ? [plot.drag.from, plot.drag.to] : plot.ranges[k]?.map(s => bottom - s * (bottom - top));
  if (range) {
    g.fillStyle = colour('curve-0');
    g.globalAlpha = 0.35;
    g.fillRect(px - 7, Math.min(...range), 14, Math.abs(range[1] - range[0]));
    g.globalAlpha = 1;
  }
}
