// Bars and points: small drawings on a canvas, alone in a figure or as panels of a time-lapse.

/** Bars from the middle up (the first group) and down (the second); what is marked has a colour of its own. */
function drawBars(g, width, height, data, values, colour) {
  const both = data.groups.length === 2, high = data.high || 1;
  const labels = ticks('linear', data.y.format, 0, high, both ? 3 : 5);
  const left = Math.ceil(Math.max(...labels.map(t => g.measureText(t.label).width))) + 14;
  const frame = { left, top: 20, width: width - left - 8, height: height - 58 };
  const zero = both ? frame.top + frame.height / 2 : frame.top + frame.height;
  const unit = (both ? frame.height / 2 : frame.height) / (high * 1.04), slot = frame.width / data.names.length;
  g.lineWidth = 1;
  g.textAlign = 'right';
  for (const tick of labels) {
    for (const sign of both ? [-1, 1] : [-1]) {
      const y = Math.round(zero + sign * tick.value * unit) + 0.5;
      g.strokeStyle = colour('line');
      line(g, left, y, left + frame.width, y);
      g.fillStyle = colour('muted');
      g.fillText(tick.label, left - 7, y);
    }
  }
  const gap = Math.min(2, slot / 5);
  values.forEach((group, i) => {
    for (let k = 0; k < data.names.length; k++) {
      const tall = (Number.isFinite(group[k]) ? group[k] : 0) * unit, place = data.marked.indexOf(k);
      g.fillStyle = colour(place < 0 ? 'muted' : 'curve-' + place % 6);
      g.fillRect(left + k * slot + gap / 2, i === 0 ? zero - tall : zero, slot - gap, tall);
    }
  });
  drawBarLabels(g, data, frame, zero, slot, colour);
  return { ...frame, slot };
}

function drawBarLabels(g, data, frame, zero, slot, colour) {
  g.strokeStyle = colour('muted');
  line(g, frame.left, Math.round(zero) + 0.5, frame.left + frame.width, Math.round(zero) + 0.5);
  const widths = data.names.map(n => g.measureText(n).width);
  const stride = data.names.length <= 12 ? 1 : Math.max(1, Math.ceil((Math.max(...widths) + 8) / slot));
  const shown = [];
  for (const k of [...data.marked, ...data.names.keys()]) {
    const free = shown.every(other => Math.abs(other - k) * slot >= 6 + (widths[other] + widths[k]) / 2);
    if (free && (data.marked.includes(k) || k % stride === 0)) shown.push(k);
  }
  g.textAlign = 'center';
  for (const k of shown) {
    g.fillStyle = colour(data.marked.includes(k) ? 'ink' : 'muted');
    g.fillText(data.names[k], frame.left + (k + 0.5) * slot, frame.top + frame.height + 14);
  }
  g.fillStyle = colour('muted');
  g.fillText(data.xLabel, frame.left + frame.width / 2, frame.top + frame.height + 31);
  g.textAlign = 'right';
  g.fillStyle = colour('ink');
  g.fillText(data.groups.map((group, i) => (i === 0 ? '↑ ' : '↓ ') + group.name).join('     '), frame.left + frame.width, 8);
}

/** Points about the middle of a square, joined along their path; the one pointed at with its label. */
function drawPoints(g, size, data, points, at, colour) {
  const middle = size / 2, unit = size / 2.3 / data.reach;
  const px = i => middle + points[2 * i] * unit, py = i => middle - points[2 * i + 1] * unit;
  g.strokeStyle = colour('line');
  g.lineWidth = 1;
  line(g, 0, middle, size, middle);
  line(g, middle, 0, middle, size);
  if (data.path.length) {
    g.strokeStyle = g.fillStyle = colour('curve-0');
    g.globalAlpha = 0.4;
    g.beginPath();
    data.path.forEach((i, k) => (k ? g.lineTo(px(i), py(i)) : g.moveTo(px(i), py(i))));
    g.closePath();
    g.stroke();
    g.globalAlpha = 1;
  }
  for (let i = 0; i < data.labels.length; i++) {
    g.fillStyle = colour('curve-' + (data.kind[i] ?? 0));
    g.beginPath();
    g.arc(px(i), py(i), i === at ? 6 : size < 300 ? 2.5 : 3, 0, 7);
    g.fill();
  }
  drawLabels(g, size, data.labels, at, px, py, colour);
  return (x, y) => {
    let best = null, near = 20;
    for (let i = 0; i < data.labels.length; i++) {
      const d = Math.hypot(px(i) - x, py(i) - y);
      if (d < near) [best, near] = [i, d];
    }
    return best;
  };
}

/** As many labels as do not cover each other, that of the point pointed at before all others. */
function drawLabels(g, size, labels, at, px, py, colour) {
  const taken = [];
  g.textAlign = 'left';
  for (const i of at === null ? labels.keys() : [at, ...labels.keys()]) {
    const width = g.measureText(labels[i]).width, left = Math.min(px(i) + 6, size - width), top = py(i) - 13;
    if (taken.some(box => left < box.left + box.width + 3 && box.left < left + width + 3 && Math.abs(top - box.top) < 13)) continue;
    taken.push({ left, top, width });
    g.fillStyle = colour(i === at ? 'ink' : 'muted');
    g.fillText(labels[i], left, py(i) - 7);
  }
}

/** The kinds of points in their colours. */
function kindsOf(data) {
  return data.kinds.map((name, k) => make('span', 'curve-' + k, name));
}

/** What bars and points share as figures: a canvas that is drawn when something changed, and a line that reads what is pointed at. */
class Panel extends Drawn {
  constructor(figure, data, label) {
    super();
    Object.assign(this, { figure, data, at: null });
    this.box = make('div', 'surface');
    this.box.tabIndex = 0;
    this.box.setAttribute('role', 'application');
    this.box.setAttribute('aria-label', label);
    this.canvas = make('canvas');
    this.box.append(this.canvas);
    this.readout = make('output', 'reads');
    this.readout.setAttribute('aria-live', 'polite');
    figure.append(this.box, this.readout);
    new ResizeObserver(() => this.changed()).observe(figure);
    const read = at => { this.at = at; this.changed(); };
    this.box.addEventListener('pointermove', e => read(this.find(e.offsetX, e.offsetY)));
    this.box.addEventListener('pointerdown', e => read(this.find(e.offsetX, e.offsetY)));
    this.box.addEventListener('pointerleave', () => read(null));
    this.box.addEventListener('blur', () => read(null));
    this.box.addEventListener('keydown', e => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
      if (!by || e.ctrlKey || e.metaKey || e.altKey) return;
      e.preventDefault();
      read(Math.max(0, Math.min(this.count() - 1, this.at === null ? 0 : this.at + by)));
    });
  }
}

class BarChart extends Panel {
  constructor(figure, data) {
    super(figure, data, `${data.title}: bars by ${data.xLabel}. Left and right arrows read them.`);
    this.values = data.groups.map(group => decode(group.values));
  }

  count() {
    return this.data.names.length;
  }

  draw() {
    const width = this.box.clientWidth;
    if (width < 50) return;
    this.frame = drawBars(surface(this.canvas, width, 260), width, 260, this.data, this.values, colours(this.box));
    this.readout.textContent = this.at === null ? '' : `${this.data.xLabel} ${this.data.names[this.at]}: ` +
      this.data.groups.map((group, i) => `${group.name} ${reading(this.data.y.format, this.values[i][this.at])}`).join(', ');
  }

  find(x) {
    const k = Math.floor((x - this.frame.left) / this.frame.slot);
    return k >= 0 && k < this.count() ? k : null;
  }
}

class PointChart extends Panel {
  constructor(figure, data) {
    super(figure, data, `${data.title}: ${data.labels.length} points. Left and right arrows read them.`);
    this.points = decode(data.points);
  }

  count() {
    return this.data.labels.length;
  }

  draw() {
    const size = Math.min(this.box.clientWidth, 480);
    if (size < 50) return;
    this.find = drawPoints(surface(this.canvas, size, size), size, this.data, this.points, this.at, colours(this.box));
    if (this.at === null) this.readout.replaceChildren(...kindsOf(this.data), `across: ${this.data.xLabel}; up: ${this.data.yLabel}`);
    else this.readout.textContent = `${this.data.labels[this.at]}: ${reading('number', this.points[2 * this.at])}, ${reading('number', this.points[2 * this.at + 1])}`;
  }

  find() {
    return null;
  }
}
