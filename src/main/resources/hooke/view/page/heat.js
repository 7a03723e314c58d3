// Heat maps: a matrix on a canvas, read cell by cell with the pointer or the arrow keys.

const bound = v => (Math.abs(v) > 10 ? decimals(v, 1) : String(v));

class HeatMap extends Drawn {
  constructor(figure, data) {
    super();
    Object.assign(this, { figure, data, values: decode(data.values), cell: null });
    this.ramp = data.low < 0 ? 'diverging' : 'heat';
    this.box = make('div', 'surface');
    this.box.tabIndex = 0;
    this.box.setAttribute('role', 'application');
    this.box.setAttribute('aria-roledescription', 'heat map');
    this.box.setAttribute('aria-label', `${data.title}: ${data.rows.length} by ${data.columns.length}, ` +
      `rows ${data.rowAxis}, columns ${data.columnAxis}. Arrow keys read cells.`);
    this.canvas = make('canvas');
    this.box.append(this.canvas);
    const foot = make('div', 'ramp-row');
    this.readout = make('output', '');
    this.readout.setAttribute('aria-live', 'polite');
    foot.append(make('span', '', bound(data.low)), make('i', 'ramp ' + this.ramp), make('span', '', bound(data.high)), this.readout);
    figure.append(this.box, foot);
    this.listen();
  }

  listen() {
    new ResizeObserver(() => this.changed()).observe(this.figure);
    this.box.addEventListener('pointermove', e => this.read(this.cellAt(e.offsetX, e.offsetY)));
    this.box.addEventListener('pointerdown', e => this.read(this.cellAt(e.offsetX, e.offsetY)));
    this.box.addEventListener('pointerleave', () => this.read(null));
    this.box.addEventListener('blur', () => this.read(null));
    this.box.addEventListener('keydown', e => {
      const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[e.key];
      if (!by || e.ctrlKey || e.metaKey || e.altKey) return;
      e.preventDefault();
      const [row, column] = this.cell ?? [-by[0], -by[1]].map(v => Math.min(0, v));
      this.read([
        Math.max(0, Math.min(this.data.rows.length - 1, row + by[0])),
        Math.max(0, Math.min(this.data.columns.length - 1, column + by[1])),
      ]);
    });
  }

  cellAt(px, py) {
    const { left, top, size } = this.frame;
    const row = Math.floor((py - top) / size), column = Math.floor((px - left) / size);
    return row >= 0 && row < this.data.rows.length && column >= 0 && column < this.data.columns.length ? [row, column] : null;
  }

  read(cell) {
    this.cell = cell;
    const { rowAxis, columnAxis, rows, columns } = this.data;
    this.readout.textContent = cell
      ? `${rowAxis} ${rows[cell[0]]}, ${columnAxis} ${columns[cell[1]]}: ${this.text(cell[0], cell[1], reading)}`
      : '';
    this.changed();
  }

  text(row, column, format) {
    const value = this.values[row * this.data.columns.length + column];
    return Number.isNaN(value) ? this.data.missing : format('number', value);
  }

  draw() {
    drawHeat(this);
  }
}

function drawHeat(map) {
  const { rows, columns, low, high } = map.data, width = map.box.clientWidth;
  if (width < 50) return;
  let g = surface(map.canvas, width, 10);
  const left = Math.ceil(Math.max(...rows.map(r => g.measureText(r).width))) + 30;
  const widest = Math.max(...columns.map(c => g.measureText(c).width));
  const fitting = room => Math.min(56, 640 / rows.length, room / columns.length);
  const slanted = widest + 6 > fitting(width - left - 2);
  const exact = fitting(width - left - (slanted ? widest * 0.71 : 2)), size = exact > 8 ? Math.floor(exact) : exact;
  const top = Math.ceil(slanted ? widest * 0.71 + 34 : 42);
  map.frame = { left, top, size, slanted };
  g = surface(map.canvas, width, top + size * rows.length + 2);
  const colour = colours(map.box);
  const stops = [0, 1, 2, 3, 4].map(i => rgb(colour(`${map.ramp}-${i}`)));
  const gap = size > 12 ? 1 : 0;
  for (let r = 0; r < rows.length; r++) {
    for (let c = 0; c < columns.length; c++) {
      const value = map.values[r * columns.length + c], x = left + c * size, y = top + r * size;
      if (Number.isNaN(value)) {
        if (size > 6) hatch(g, x, y, size - gap, colour('line'));
        continue;
      }
      const fill = mix(stops, (value - low) / (high - low));
      g.fillStyle = `rgb(${fill})`;
      g.fillRect(x, y, size - gap || size + 0.5, size - gap || size + 0.5);
      if (size >= 32) {
        const dark = fill[0] * 0.3 + fill[1] * 0.59 + fill[2] * 0.11 < 140;
        g.fillStyle = dark ? '#fff' : '#10161c';
        g.textAlign = 'center';
        g.fillText(decimals(value, high > 10 ? 1 : 0.01), x + (size - gap) / 2, y + (size - gap) / 2 + 0.5);
      }
    }
  }
  drawHeatLabels(g, map, colour);
}

function drawHeatLabels(g, map, colour) {
  const { rows, columns, rowAxis, columnAxis } = map.data, { left, top, size, slanted } = map.frame;
  const skipColumns = slanted ? Math.ceil(18 / size) : 1, skipRows = Math.ceil(14 / size);
  g.textAlign = slanted ? 'left' : 'center';
  columns.forEach((label, c) => {
    g.fillStyle = colour(map.cell?.[1] === c ? 'ink' : 'muted');
    if (c % skipColumns !== 0) return;
    g.save();
    g.translate(left + (c + (slanted ? 0.4 : 0.5)) * size, top - 10);
    if (slanted) g.rotate(-Math.PI / 4);
    g.fillText(label, 0, 0);
    g.restore();
  });
  g.textAlign = 'right';
  rows.forEach((label, r) => {
    g.fillStyle = colour(map.cell?.[0] === r ? 'ink' : 'muted');
    if (r % skipRows === 0) g.fillText(label, left - 7, top + (r + 0.5) * size);
  });
  g.fillStyle = colour('muted');
  g.textAlign = 'left';
  g.fillText(columnAxis + ' →', left, 9);
  g.save();
  g.translate(8, top);
  g.rotate(-Math.PI / 2);
  g.textAlign = 'right';
  g.fillText('← ' + rowAxis, 0, 0);
  g.restore();
  if (map.cell) {
    g.strokeStyle = colour('ink');
    g.lineWidth = 2;
    g.strokeRect(left + map.cell[1] * size, top + map.cell[0] * size, size - 1, size - 1);
  }
}

const rgb = text => [1, 3, 5].map(i => parseInt(text.slice(i, i + 2), 16));

function mix(stops, at) {
  const place = Math.max(0, Math.min(1, at)) * (stops.length - 1), i = Math.min(Math.floor(place), stops.length - 2);
  return stops[i].map((v, k) => Math.round(v + (stops[i + 1][k] - v) * (place - i)));
}

function hatch(g, x, y, size, stroke) {
  g.save();
  g.beginPath();
  g.rect(x, y, size, size);
  g.clip();
  g.strokeStyle = stroke;
  g.lineWidth = 1;
  for (let d = 0; d < 2 * size; d += 6) line(g, x + d, y, x + d - size, y + size);
  g.restore();
}
