// Curve plots: lines over a shared x on a canvas. Every point is in memory; each frame draws what is in view, thinned to the pixels.

/** The x axis that all plots of a page with the same x label share: zooming one zooms all, and one cursor reads all. */
class SharedX {
  constructor(axis) {
    this.axis = axis;
    this.scale = axis.scales[0];
    this.plots = [];
    this.range = null; // [low, high] in values while zoomed
    this.cursor = null;
    this.focus = null; // the name of the curve pointed at, where there are too many to read all
  }

  full() {
    const low = Math.min(...this.plots.map(p => p.extent[0])), high = Math.max(...this.plots.map(p => p.extent[1]));
    return low < high ? [low, high] : [low - 1, high + 1];
  }

  shown() {
    return this.range ?? this.full();
  }

  /** Shows that range of places, within the full one and never closer than two strides between points. */
  show(low, high) {
    const { place, value } = scales[this.scale];
    const [fullLow, fullHigh] = this.full();
    if (low < place(fullLow)) [low, high] = [place(fullLow), high + place(fullLow) - low];
    if (high > place(fullHigh)) [low, high] = [Math.max(place(fullLow), low - high + place(fullHigh)), place(fullHigh)];
    let [a, b] = [value(low), value(high)];
    const closest = 2 * Math.min(...this.plots.map(p => p.stride));
    if (b - a < closest) [a, b] = [(a + b - closest) / 2, (a + b + closest) / 2];
    this.range = a <= fullLow && b >= fullHigh ? null : [a, b];
    this.changed();
  }

  zoom(factor, at) {
    const [low, high] = this.shown().map(scales[this.scale].place);
    const fixed = at === undefined ? (low + high) / 2 : at;
    this.show(fixed - (fixed - low) * factor, fixed + (high - fixed) * factor);
  }

  pan(share) {
    const [low, high] = this.shown().map(scales[this.scale].place);
    this.show(low + (high - low) * share, high + (high - low) * share);
  }

  reset() {
    this.range = null;
    for (const plot of this.plots) plot.yRange = null;
    this.changed();
  }

  changed() {
    for (const plot of this.plots) plot.changed();
  }
}

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

/** Index of a curve's point at x, or its last one before. */
const pointAt = (curve, x) => {
  const i = firstAtLeast(curve.x, x);
  return curve.x[i] === x ? i : Math.max(0, i - 1);
};

/** Asks the table of cells, where the page has one, to show a cell. */
const showCell = name => document.dispatchEvent(new CustomEvent('cell', { detail: name }));

class CurvePlot extends Drawn {
  constructor(figure, data, shared) {
    super();
    const xs = data.xs.map(decode);
    Object.assign(this, { figure, data, shared, yRange: null, yScale: data.y.scales[0], drag: null });
    const ink = data.ink ?? 'curve';
    this.groups = (data.groups ?? data.curves.map(c => c.name)).map((name, i) => ({
      name, ink: `${ink}-${data.groups ? i : data.curves[i].colour}`, dash: data.groups ? 0 : data.curves[i].dash, shown: true,
    }));
    this.curves = data.curves.map((c, i) => ({
      name: c.name, detail: c.detail, group: this.groups[c.group ?? i], x: xs[c.x], y: decode(c.y),
      low: c.low && decode(c.low), high: c.high && decode(c.high),
      until: c.until && decode(c.until), censored: c.censored ? decode(c.censored) : [], stepwise: data.stepwise,
    }));
    this.crowded = this.curves.length > this.groups.length;
    this.extent = [Math.min(...xs.map(x => x[0] ?? Infinity)), Math.max(...xs.map(x => x[x.length - 1] ?? -Infinity))];
    if (!(this.extent[0] <= this.extent[1])) this.extent = [0, 1];
    this.stride = Math.min(...xs.map(x => x.reduce((s, v, i) => (i ? Math.min(s, v - x[i - 1]) : s), Infinity)));
    if (!Number.isFinite(this.stride)) this.stride = 1;
    shared.plots.push(this);
    this.build();
    this.listen();
  }

  build() {
    const head = this.figure.querySelector('figcaption');
    const legend = make('div', 'legend');
    this.overlaid = this.figure.closest('.overlaid') !== null; // its legend is one for all plots, see overlay.js
    this.legend = this.overlaid ? [] : this.groups.map((group, i) => {
      const button = make('button', `${group.ink} dash-${group.dash}`, group.name);
      button.title = `Show or hide ${group.name} (${i + 1})`;
      button.setAttribute('aria-pressed', 'true');
      button.onclick = () => this.toggle(i);
      legend.append(button);
      return button;
    });
    this.buttons = { x: [], y: [] };
    const tools = make('div', 'tools');
    for (const which of ['x', 'y']) if (this.data[which].scales.length > 1) tools.append(this.choice(which, this.data[which]));
    const zoom = make('div', 'choice');
    for (const [sign, title, act] of [
      ['−', 'Zoom out (-)', () => this.shared.zoom(2)],
      ['+', 'Zoom in (+)', () => this.shared.zoom(0.5)],
      ['Reset', 'Show everything (0, double click)', () => this.shared.reset()],
    ]) {
      const button = make('button', '', sign);
      button.title = title;
      button.setAttribute('aria-label', title);
      button.onclick = act;
      zoom.append(button);
      this.resetButton = button;
    }
    tools.append(zoom);
    head.append(legend, tools);
    this.box = make('div', 'surface');
    this.box.tabIndex = 0;
    this.box.setAttribute('role', 'application');
    this.box.setAttribute('aria-roledescription', 'plot');
    this.box.setAttribute('aria-label', `${this.data.title}: ${this.groups.map(g => g.name).join(', ')} by ${this.data.x.label}. ` +
      (this.crowded ? 'Up and down choose a curve. ' : '') + 'Arrow keys read points, plus and minus zoom, 0 shows everything.');
    this.canvas = make('canvas');
    this.tip = make('div', 'tip');
    this.hint = make('div', 'hint', 'Click the plot first, or hold Ctrl, to zoom with the wheel');
    this.tip.hidden = this.hint.hidden = true;
    this.spoken = make('p', 'spoken');
    this.spoken.setAttribute('aria-live', 'polite');
    this.box.append(this.canvas, this.tip, this.hint);
    this.figure.append(this.box, this.spoken);
    this.mark();
  }

  /** Buttons to switch the scale of an axis. */
  choice(which, axis) {
    const group = make('div', 'choice');
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', `Scale of ${axis.label}`);
    group.append(make('span', '', axis.label));
    for (const scale of [...axis.scales].sort()) {
      const button = make('button', '', scales[scale].name);
      button.title = `${scales[scale].name} ${axis.label} (${which})`;
      button.onclick = () => this.setScale(which, scale);
      this.buttons[which].push({ button, scale });
      group.append(button);
    }
    return group;
  }

  setScale(which, scale) {
    if (which === 'x') this.shared.scale = scale; else this.yScale = scale;
    if (this.yRange && !this.yRange.every(v => Number.isFinite(scales[this.yScale].place(v)))) this.yRange = null;
    this.shared.changed();
  }

  nextScale(which) {
    const all = this.data[which].scales, now = which === 'x' ? this.shared.scale : this.yScale;
    this.setScale(which, all[(all.indexOf(now) + 1) % all.length]);
  }

  toggle(i) {
    if (!this.groups[i] || this.overlaid) return;
    this.groups[i].shown = !this.groups[i].shown;
    this.legend[i].setAttribute('aria-pressed', this.groups[i].shown);
    this.changed();
  }

  /** Buttons say what is chosen. */
  mark() {
    for (const { button, scale } of this.buttons.x) button.setAttribute('aria-pressed', scale === this.shared.scale);
    for (const { button, scale } of this.buttons.y) button.setAttribute('aria-pressed', scale === this.yScale);
    this.resetButton.disabled = !this.shared.range && !this.shared.plots.some(p => p.yRange);
  }

  listen() {
    new ResizeObserver(() => this.changed()).observe(this.box);
    const box = this.box;
    box.addEventListener('pointerdown', e => this.down(e));
    box.addEventListener('pointermove', e => this.move(e));
    box.addEventListener('pointerup', e => this.up(e));
    box.addEventListener('pointercancel', () => { this.drag = null; this.changed(); });
    box.addEventListener('pointerleave', e => { if (!this.drag && e.pointerType === 'mouse') this.read(null); });
    box.addEventListener('dblclick', () => this.shared.reset());
    box.addEventListener('blur', () => this.read(null));
    box.addEventListener('keydown', e => this.key(e));
    box.addEventListener('wheel', e => {
      if (document.activeElement !== box && !e.ctrlKey && !e.metaKey) {
        this.hint.hidden = false;
        clearTimeout(this.hinting);
        this.hinting = setTimeout(() => { this.hint.hidden = true; }, 1500);
        return;
      }
      e.preventDefault();
      if (Math.abs(e.deltaX) > Math.abs(e.deltaY)) this.shared.pan(e.deltaX / this.frame.width);
      else this.shared.zoom(Math.exp(Math.max(-1, Math.min(1, e.deltaY / 300))), this.placeAt(e.offsetX));
    }, { passive: false });
  }

  placeAt(px) {
    const { left, width, xLow, xHigh } = this.frame;
    return xLow + (px - left) / width * (xHigh - xLow);
  }

  down(e) {
    if (e.button !== 0) return;
    this.box.setPointerCapture(e.pointerId);
    this.drag = { x: e.offsetX, y: e.offsetY, toX: e.offsetX, toY: e.offsetY, pan: e.shiftKey };
  }

  move(e) {
    this.hint.hidden = true;
    this.pointerY = e.offsetY;
    if (!this.drag) return this.readAt(e.offsetX, e.offsetY);
    if (this.drag.pan) this.shared.pan((this.drag.toX - e.offsetX) / this.frame.width);
    Object.assign(this.drag, { toX: e.offsetX, toY: e.offsetY });
    this.changed();
  }

  /** A drag across selects steps; one that also goes 30 pixels up or down selects a box. */
  up(e) {
    const drag = this.drag;
    this.drag = null;
    if (!drag || drag.pan) return;
    if (Math.abs(drag.toX - drag.x) > 5) {
      if (Math.abs(drag.toY - drag.y) > 30) {
        const { top, height, yLow, yHigh } = this.frame;
        const at = py => scales[this.yScale].value(yHigh - (py - top) / height * (yHigh - yLow));
        this.yRange = [at(Math.max(drag.y, drag.toY)), at(Math.min(drag.y, drag.toY))];
      }
      this.shared.show(...[drag.x, drag.toX].sort((a, b) => a - b).map(px => this.placeAt(px)));
    } else {
      this.readAt(drag.toX, drag.toY); // a tap reads, as there is no hovering on a touch screen
      if (e.pointerType === 'mouse' && this.crowded && this.shared.focus) showCell(this.shared.focus);
    }
  }

  key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const shared = this.shared, at = shared.cursor === null ? undefined : scales[shared.scale].place(shared.cursor);
    const acts = {
      ArrowLeft: () => (e.shiftKey ? shared.pan(-0.1) : this.step(-1)),
      ArrowRight: () => (e.shiftKey ? shared.pan(0.1) : this.step(1)),
      ArrowUp: () => this.choose(-1), ArrowDown: () => this.choose(1),
      Enter: () => { if (this.crowded && shared.focus) showCell(shared.focus); },
      Home: () => this.go(this.extent[0]),
      End: () => this.go(this.extent[1]),
      '+': () => shared.zoom(0.5, at), '=': () => shared.zoom(0.5, at), '-': () => shared.zoom(2, at),
      0: () => shared.reset(), Escape: () => { this.read(null); shared.reset(); },
      x: () => this.nextScale('x'), y: () => this.nextScale('y'), e: () => this.nextMarker(1), E: () => this.nextMarker(-1),
    };
    const act = acts[e.key] ?? (/^[1-9]$/.test(e.key) ? () => this.toggle(e.key - 1) : null);
    if (act) {
      e.preventDefault();
      act();
    }
  }

  /** The x of the nearest point of a shown curve. */
  snap(x) {
    let best = null;
    for (const curve of this.curves) {
      const i = curve.group.shown ? nearest(curve.x, x) : -1;
      if (i >= 0 && (best === null || Math.abs(curve.x[i] - x) < Math.abs(best - x))) best = curve.x[i];
    }
    return best;
  }

  step(by) {
    const [low, high] = this.shared.shown();
    const now = this.shared.cursor;
    if (now === null) return this.go(this.snap(by > 0 ? low : high));
    const next = this.curves.filter(c => c.group.shown).map(c => (by > 0
      ? c.x[firstAtLeast(c.x, now) + (c.x[firstAtLeast(c.x, now)] === now ? 1 : 0)]
      : c.x[firstAtLeast(c.x, now) - 1])).filter(x => x !== undefined);
    if (next.length) this.go(by > 0 ? Math.min(...next) : Math.max(...next));
  }

  nextMarker(by) {
    const at = this.data.markers.map(m => m.x).sort((a, b) => (a - b) * by);
    const now = this.shared.cursor;
    if (at.length) this.go(at.find(x => now === null || (x - now) * by > 0) ?? at[0]);
  }

  /** Reads that x aloud, and brings it into view. */
  go(x) {
    const { place } = scales[this.shared.scale];
    const [low, high] = this.shared.shown().map(place);
    if (place(x) < low || place(x) > high) this.shared.show(place(x) - (high - low) / 2, place(x) + (high - low) / 2);
    this.read(x);
    this.spoken.textContent = `${this.data.x.label} ${reading(this.data.x.format, x)}: ` +
      this.values(x).map(v => `${v.name} ${v.text}`).join(', ');
  }

  readAt(px, py) {
    const x = this.snap(scales[this.shared.scale].value(this.placeAt(px)));
    if (this.crowded && x !== null) this.shared.focus = this.nearestCurve(x, py)?.name ?? null;
    this.read(x);
  }

  /** The shown curve that passes nearest to that height; none where all are far. */
  nearestCurve(x, py) {
    let best = null, least = 24;
    for (const curve of this.curves) {
      const away = curve.group.shown && curve.x.length ? Math.abs(this.frame.py(curve.y[pointAt(curve, x)]) - py) : NaN;
      if (away < least) [best, least] = [curve, away];
    }
    return best;
  }

  /** The next curve or the one before, where they are too many to read all at once. */
  choose(by) {
    const shown = this.curves.filter(c => c.group.shown);
    if (!this.crowded || !shown.length) return;
    const at = shown.findIndex(c => c.name === this.shared.focus);
    this.shared.focus = shown[at < 0 ? 0 : Math.max(0, Math.min(shown.length - 1, at + by))].name;
    this.go(this.shared.cursor ?? this.snap(this.shared.shown()[1]));
  }

  read(x) {
    this.shared.cursor = x;
    if (x === null) this.shared.focus = null;
    this.shared.changed();
  }

  /** What each shown curve is at x: its point there, or its last one before. */
  values(x) {
    const read = c => c.group.shown && c.x.length && (!this.crowded || c.name === this.shared.focus);
    return this.curves.filter(read).map(c => {
      const at = pointAt(c, x);
      const band = c.low && Number.isFinite(c.low[at])
        ? ` [${reading(this.data.y.format, c.low[at])}, ${reading(this.data.y.format, c.high[at])}]` : '';
      const text = reading(this.data.y.format, c.y[at]) + band + (c.stepwise || c.x[at] === x ? '' : ` (at ${reading(this.data.x.format, c.x[at])})`);
      return { name: c.name, detail: c.detail, ink: c.group.ink, dash: c.group.dash, x: c.x[at], y: c.y[at], text };
    });
  }

  draw() {
    this.mark();
    drawCurves(this);
  }
}
