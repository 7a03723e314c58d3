// What every drawing starts from, and one frame of a curve plot, drawn from its state.

/** Something that is drawn by draw(), once a frame at most, after changed(). */
class Drawn {
  constructor() {
    this.pending = false;
  }

  changed() {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      this.draw();
    });
  }
}

/** Colours as the page's scheme has them now. */
function colours(element) {
  const css = getComputedStyle(element);
  return name => css.getPropertyValue('--' + name).trim();
}

/** A canvas of the box's size in sharp pixels; its context draws in CSS pixels. */
function surface(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = width + 'px';
  canvas.style.height = height + 'px';
  const g = canvas.getContext('2d');
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  g.font = '12px ' + getComputedStyle(canvas).fontFamily;
  g.textBaseline = 'middle';
  return g;
}

function drawCurves(plot) {
  const width = plot.box.clientWidth, height = plot.box.clientHeight;
  if (width < 50 || height < 50) return;
  const g = surface(plot.canvas, width, height), colour = colours(plot.box);
  const { data, shared } = plot;
  const x = scales[shared.scale], y = scales[plot.yScale];
  const [low, high] = shared.shown();
  const [yLow, yHigh] = yPlaces(plot, low, high);
  const yTicks = ticks(plot.yScale, data.y.format, y.value(yLow), y.value(yHigh), height / 45);
  const left = sharedGutter(plot, Math.ceil(Math.max(44, ...yTicks.map(t => g.measureText(t.label).width))) + 12);
  const frame = { left, width: width - left - 16, xLow: x.place(low), xHigh: x.place(high), yLow, yHigh };
  frame.px = v => frame.left + (x.place(v) - frame.xLow) / (frame.xHigh - frame.xLow) * frame.width;
  const owner = m => plot.curves.find(c => c.group.ink === 'curve-' + m.colour); // of a marker that one curve has to itself
  const shown = m => m.x >= low && m.x <= high && (m.colour === undefined || owner(m).group.shown);
  const flags = placeFlags(g, data.markers.filter(shown), frame, data.x.format);
  frame.top = 6 + 18 * Math.max(1, ...flags.map(f => f.lane + 1));
  const rows = plot.curves.filter(c => c.until).length;
  frame.height = height - frame.top - 40 - (rows ? 20 + 16 * rows : 0);
  frame.py = v => {
    const at = frame.top + (yHigh - y.place(v)) / (yHigh - yLow) * frame.height;
    return at > frame.top + frame.height && y.place(v) === -Infinity ? frame.top + frame.height : Math.max(-1e5, Math.min(1e5, at));
  };
  plot.frame = frame;

  drawAxes(g, plot, frame, yTicks, colour);
  g.save();
  g.beginPath();
  g.rect(frame.left - 3, frame.top - 3, frame.width + 6, frame.height + 6); // so that dots on the edge are whole
  g.clip();
  for (const curve of plot.curves) {
    if (curve.group.shown && curve.low) drawBand(g, curve, low, high, frame, colour(curve.group.ink), plot.crowded ? 0.08 : 0.16);
  }
  const focus = plot.crowded && plot.curves.find(c => c.name === shared.focus && c.group.shown);
  const thin = plot.curves.length > 12, isLit = curve => curve === focus || curve.name === shared.lit;
  g.globalAlpha = focus || shared.lit ? 0.25 : thin ? Math.max(0.35, Math.min(0.85, 40 / plot.curves.length)) : 1;
  for (const curve of plot.curves.toReversed()) {
    if (curve.group.shown && !isLit(curve)) drawCurve(g, curve, low, high, frame, colour(curve.group.ink), thin ? 1.2 : 1.6);
  }
  g.globalAlpha = 1;
  for (const curve of plot.curves) {
    if (curve.group.shown && isLit(curve)) drawCurve(g, curve, low, high, frame, colour(curve.group.ink), 2.6);
  }
  g.restore();
  if (rows) drawAtRisk(g, plot, frame, colour);
  for (const flag of flags) flag.pale = flag.colour !== undefined && shared.lit && shared.lit !== owner(flag).name;
  drawFlags(g, flags, frame, colour);
  drawSelection(g, plot.drag, frame, colour);
  drawCursor(g, plot, frame, colour);
}

/** Room for the labels of the y axis: as much as the plot with the longest needs, so that all plots begin at one line. */
function sharedGutter(plot, own) {
  if (plot.gutter !== own) {
    plot.gutter = own;
    plot.shared.changed();
  }
  return Math.max(...plot.shared.plots.map(p => p.gutter ?? 0));
}

/** The places shown on the y axis: what was zoomed to, the axis' own range, or what fits the points in view. */
function yPlaces(plot, low, high) {
  const { place } = scales[plot.yScale], linear = plot.yScale === 'linear';
  if (plot.yRange) return plot.yRange.map(place);
  let [a, b] = [Infinity, -Infinity];
  if (!plot.shared.range && plot.data.y.range.length && (linear || plot.data.y.range[0] > 0)) {
    [a, b] = plot.data.y.range;
  } else {
    for (const c of plot.curves) {
      if (!c.group.shown) continue;
      let from = firstAtLeast(c.x, low), to = firstAtLeast(c.x, high);
      if (c.x[to] === high) to++;
      if (to - from < 2) [from, to] = [Math.max(0, from - 1), Math.min(c.x.length, to + 1)];
      for (let i = from; i < to; i++) {
        const v = c.y[i];
        if (Number.isFinite(v) && (linear || v > 0)) [a, b] = [Math.min(a, v), Math.max(b, v)];
      }
    }
  }
  if (a > b) [a, b] = linear ? [0, 1] : [0.1, 1];
  if (a === b) [a, b] = linear ? [a - (Math.abs(a) || 1) * 0.1, b + (Math.abs(b) || 1) * 0.1] : [a / 2, b * 2];
  const fromZero = linear && a >= 0 && a < 0.3 * b;
  [a, b] = [place(fromZero ? 0 : a), place(b)];
  const pad = (b - a) * 0.04;
  return [fromZero && !plot.data.y.range.length ? a : a - pad, b + pad];
}

function drawAxes(g, plot, frame, yTicks, colour) {
  const { data, shared } = plot, bottom = frame.top + frame.height;
  g.lineWidth = 1;
  g.strokeStyle = colour('line');
  g.fillStyle = colour('muted');
  g.textAlign = 'right';
  for (const tick of yTicks) {
    const py = Math.round(frame.py(tick.value)) + 0.5;
    line(g, tick.label ? frame.left : frame.left - 3, py, tick.label ? frame.left + frame.width : frame.left, py);
    g.fillText(tick.label, frame.left - 8, py);
  }
  g.textAlign = 'center';
  const [low, high] = shared.shown();
  let free = 0;
  for (const tick of ticks(shared.scale, data.x.format, low, high, frame.width / 75)) {
    const px = Math.round(frame.px(tick.value)) + 0.5;
    line(g, px, tick.label ? frame.top : bottom, px, bottom + (tick.label ? 5 : 3));
    const half = g.measureText(tick.label).width / 2;
    if (tick.label && px - half > free) {
      g.fillText(tick.label, Math.min(px, frame.left + frame.width + 14 - half), bottom + 15);
      free = px + half + 8;
    }
  }
  g.fillText(data.x.label, frame.left + frame.width / 2, bottom + 32);
  g.strokeStyle = colour('muted');
  line(g, frame.left, bottom + 0.5, frame.left + frame.width, bottom + 0.5);
}

function line(g, x0, y0, x1, y1) {
  g.beginPath();
  g.moveTo(x0, y0);
  g.lineTo(x1, y1);
  g.stroke();
}

/** Strokes and gaps of a line, in pixels: what Pen.java has. */
const dashes = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

function drawCurve(g, curve, low, high, frame, stroke, wide = 1.6) {
  const { x, y } = curve, ratio = window.devicePixelRatio || 1;
  const from = Math.max(0, firstAtLeast(x, low) - 1), to = Math.min(x.length, firstAtLeast(x, high) + 2);
  const kept = thin(i => Math.floor(frame.px(x[i]) * ratio), y, from, to);
  const dots = !curve.stepwise && (to - from) * 9 < frame.width;
  g.strokeStyle = g.fillStyle = stroke;
  g.lineWidth = wide;
  g.lineJoin = 'round';
  g.setLineDash(dashes[curve.group?.dash ?? 0]);
  g.beginPath();
  let pen = false;
  kept.forEach((i, k) => {
    const px = frame.px(x[i]), py = frame.py(y[i]);
    if (!Number.isFinite(y[i])) {
      pen = false;
      return;
    }
    if (pen && curve.stepwise) g.lineTo(px, frame.py(y[kept[k - 1]]));
    if (pen) g.lineTo(px, py); else g.moveTo(px, py);
    const alone = !pen && !(Number.isFinite(y[kept[k + 1]]));
    if (dots || alone) {
      g.moveTo(px + 2.5, py);
      g.arc(px, py, 2.5, 0, 7);
      g.moveTo(px, py);
    }
    pen = true;
  });
  for (const at of curve.censored ?? []) { // a run that was watched no longer
    const px = frame.px(at), py = frame.py(y[Math.max(0, firstAtLeast(x, at + 1e-9) - 1)]);
    g.moveTo(px, py - 4);
    g.lineTo(px, py + 4);
  }
  g.stroke();
  g.setLineDash([]);
}

/** The area between the lower and the upper end, in one colour that lets the others through; where an end is not finite, none. */
function drawBand(g, curve, low, high, frame, fill, alpha) {
  const { x, low: below, high: above } = curve;
  const from = Math.max(0, firstAtLeast(x, low) - 1), to = Math.min(x.length, firstAtLeast(x, high) + 2);
  g.fillStyle = fill;
  g.globalAlpha = alpha;
  let i = from;
  while (i < to) {
    const begin = i;
    while (i < to && Number.isFinite(below[i]) && Number.isFinite(above[i])) i++;
    if (i > begin) {
      g.beginPath();
      edge(g, curve, above, begin, i, frame, 1);
      edge(g, curve, below, begin, i, frame, -1);
      g.closePath();
      g.fill();
    }
    i++;
  }
  g.globalAlpha = 1;
}

/** One edge of a band, forth (1) or back (-1). */
function edge(g, curve, y, begin, end, frame, by) {
  for (let k = by > 0 ? begin : end - 1; by > 0 ? k < end : k >= begin; k += by) {
    const px = frame.px(curve.x[k]), py = frame.py(y[k]);
    if (curve.stepwise && by > 0 && k > begin) g.lineTo(px, frame.py(y[k - 1]));
    g.lineTo(px, py);
    if (curve.stepwise && by < 0 && k > begin) g.lineTo(px, frame.py(y[k - 1]));
  }
}

/** Below the axis: how many runs of each curve were still waiting and watched at each labelled step. */
function drawAtRisk(g, plot, frame, colour) {
  const bottom = frame.top + frame.height + 46, [low, high] = plot.shared.shown();
  g.fillStyle = colour('muted');
  g.textAlign = 'left';
  g.fillText('runs at risk', 8, bottom);
  plot.curves.filter(c => c.until).forEach((curve, row) => {
    const py = bottom + 16 * (row + 1);
    g.fillStyle = colour(curve.group.ink);
    g.fillRect(frame.left - 34, py - 1.5, 16, 3);
    g.fillStyle = curve.group.shown ? colour('ink') : colour('muted');
    g.textAlign = 'center';
    let free = -1e9;
    for (const tick of ticks(plot.shared.scale, plot.data.x.format, low, high, frame.width / 75)) {
      const px = frame.px(tick.value);
      const text = String(curve.until.length - firstAtLeast(curve.until, tick.value)), half = g.measureText(text).width / 2;
      if (!tick.label || px - half < free) continue;
      g.fillText(text, Math.min(px, frame.left + frame.width + 14 - half), py);
      free = px + half + 8;
    }
  });
}

/** Labels of markers, those of one kind that would touch drawn as one, in as many lanes as they need; milestones lowest. */
function placeFlags(g, markers, frame, format) {
  const groups = [];
  for (const marker of [...markers].sort((a, b) => a.x - b.x)) {
    const px = frame.px(marker.x);
    const near = groups.find(f => f.label === marker.label && f.colour === marker.colour && px - f.px[f.px.length - 1] < 60);
    if (near) near.px.push(px); else groups.push({ ...marker, px: [px] });
  }
  const lanes = [];
  groups.sort((a, b) => (b.tone !== 'quiet') - (a.tone !== 'quiet'));
  for (const flag of groups) {
    flag.text = flag.px.length > 1 ? `${flag.label} ×${flag.px.length}` : `${flag.label} ${reading(format, flag.x)}`;
    const width = g.measureText(flag.text).width + 12;
    flag.left = Math.max(frame.left, Math.min(flag.px[0] - 1, frame.left + frame.width - width));
    flag.width = width;
    flag.lane = lanes.findIndex(lane => lane.every(f => f.left + f.width + 4 <= flag.left || flag.left + width + 4 <= f.left));
    if (flag.lane < 0) flag.lane = lanes.push([]) - 1;
    lanes[flag.lane].push(flag);
  }
  return groups;
}

function drawFlags(g, flags, frame, colour) {
  const ink = flag => colour(flag.colour === undefined ? { milestone: 'ink', quiet: 'muted', alarm: 'alarm' }[flag.tone]
    : 'curve-' + flag.colour);
  const top = flag => frame.top - 18 * (flag.lane + 1);
  g.lineWidth = 1;
  for (const flag of flags) {
    g.strokeStyle = ink(flag);
    g.setLineDash(flag.tone === 'quiet' ? [2, 4] : [5, 3]);
    g.globalAlpha = flag.pale ? 0.25 : 1;
    for (const px of flag.px) line(g, Math.round(px) + 0.5, top(flag) + 8, Math.round(px) + 0.5, frame.top + frame.height);
  }
  g.setLineDash([]);
  g.textAlign = 'left';
  for (const flag of flags) {
    g.globalAlpha = flag.pale ? 0.25 : 1;
    g.fillStyle = flag.tone === 'quiet' ? colour('line') : ink(flag);
    g.beginPath();
    g.roundRect(flag.left, top(flag), flag.width, 16, 3);
    g.fill();
    g.fillStyle = colour(flag.tone === 'quiet' ? 'ink' : 'paper');
    g.fillText(flag.text, flag.left + 6, top(flag) + 8.5);
  }
  g.globalAlpha = 1;
}

function drawSelection(g, drag, frame, colour) {
  if (!drag || drag.pan || Math.abs(drag.toX - drag.x) <= 5) return;
  const box = Math.abs(drag.toY - drag.y) > 30;
  g.globalAlpha = 0.12;
  g.fillStyle = colour('ink');
  g.fillRect(drag.x, box ? drag.y : frame.top, drag.toX - drag.x, box ? drag.toY - drag.y : frame.height);
  g.globalAlpha = 1;
}

/** The values to read, at most as many as there is room for: those nearest to the pointer, in the order of their curves. */
function nearestValues(plot, values, frame) {
  const room = Math.max(3, Math.floor((frame.height - 30) / 20));
  if (values.length <= room) return values;
  const away = v => Math.abs(frame.py(v.y) - (plot.pointerY ?? frame.top));
  const kept = new Set([...values].sort((a, b) => away(a) - away(b)).slice(0, room - 1));
  return values.filter(v => kept.has(v));
}

/** The reading line with a dot on each curve, and the values beside it. */
function drawCursor(g, plot, frame, colour) {
  const at = plot.shared.cursor, px = at === null ? NaN : frame.px(at);
  plot.tip.hidden = !(px >= frame.left - 1 && px <= frame.left + frame.width + 1) || plot.drag !== null;
  if (plot.tip.hidden) return;
  g.strokeStyle = colour('muted');
  g.lineWidth = 1;
  line(g, Math.round(px) + 0.5, frame.top, Math.round(px) + 0.5, frame.top + frame.height);
  const all = plot.values(at), values = nearestValues(plot, all, frame);
  for (const v of all) {
    const vx = frame.px(v.x), vy = frame.py(v.y);
    if (!Number.isFinite(v.y) || vy < frame.top - 1 || vy > frame.top + frame.height + 1 || vx < frame.left - 1) continue;
    g.beginPath();
    g.arc(vx, vy, 4, 0, 7);
    g.fillStyle = colour(v.ink);
    g.strokeStyle = colour('paper');
    g.lineWidth = 2;
    g.fill();
    g.stroke();
  }
  const here = plot.data.markers.filter(m => m.x === at).map(m => m.label).join(', ');
  plot.tip.replaceChildren(
    make('b', '', `${plot.data.x.label} ${reading(plot.data.x.format, at)}${here ? ' · ' + here : ''}`),
    ...values.map(v => {
      const row = make('div', `${v.ink} dash-${v.dash}`);
      row.append(make('span', '', v.name), make('span', 'value', v.text));
      return row;
    }),
    ...values.filter(v => v.detail).map(v => make('small', '', v.detail)));
  if (values.length < all.length) plot.tip.append(make('div', '', `and ${all.length - values.length} others`));
  placeTip(plot, px, frame);
}

/** Beside the reading line, on the wider side and no wider than that; where even that is narrow, below the plot. */
function placeTip(plot, px, frame) {
  const right = frame.left + frame.width - px - 14, left = px - frame.left - 14, style = plot.tip.style;
  const below = Math.max(left, right) < 220;
  style.maxWidth = (below ? plot.box.clientWidth : Math.max(left, right)) + 'px';
  style.left = style.right = style.top = '';
  if (below) [style.left, style.top] = ['0', plot.box.clientHeight + 4 + 'px'];
  else if (right >= left) [style.left, style.top] = [px + 14 + 'px', frame.top + 8 + 'px'];
  else [style.right, style.top] = [plot.box.clientWidth - px + 14 + 'px', frame.top + 8 + 'px'];
}
