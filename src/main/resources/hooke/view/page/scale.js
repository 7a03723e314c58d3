// What plots compute before they draw: decoding, scales, ticks, numbers as text, thinning. Nothing here touches the document.

/** Arrays as Figure.java writes them: {f4}, {f8} (base64, little-endian) or {strides: [start, stride, count, ...]}. */
function decode(data) {
  if (data.strides) {
    const x = [];
    for (let i = 0; i < data.strides.length; i += 3) {
      const [start, stride, count] = data.strides.slice(i, i + 3);
      for (let k = 0; k < count; k++) x.push(start + k * stride);
    }
    return Float64Array.from(x);
  }
  const text = atob(data.f4 ?? data.f8);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return data.f4 === undefined ? new Float64Array(bytes.buffer) : new Float32Array(bytes.buffer);
}

/** Places are equally spaced along the axis: place(value), and back. */
const scales = {
  linear: { name: 'linear', place: v => v, value: p => p },
  log: { name: 'log', place: v => (v > 0 ? Math.log10(v) : -Infinity), value: p => 10 ** p },
  log1p: { name: 'log', place: v => (v > -1 ? Math.log10(1 + v) : -Infinity), value: p => 10 ** p - 1 },
};

/** First index whose x is at least the value. */
function firstAtLeast(x, value) {
  let low = 0, high = x.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (x[mid] < value) low = mid + 1; else high = mid;
  }
  return low;
}

/** Index of the nearest x; -1 if there is none. */
function nearest(x, value) {
  const i = firstAtLeast(x, value);
  if (i === x.length) return x.length - 1;
  return i > 0 && value - x[i - 1] <= x[i] - value ? i - 1 : i;
}

/**
 * Indices from..to-1 to draw so that no pixel differs from drawing all: of each pixel column the first, lowest, highest and last point.
 * A run of values that are not finite keeps one index, where the line breaks. Thinning.java does the same.
 */
function thin(column, y, from, to) {
  const kept = [];
  let i = from;
  while (i < to) {
    if (!Number.isFinite(y[i])) {
      kept.push(i);
      while (i < to && !Number.isFinite(y[i])) i++;
      continue;
    }
    const first = i, here = column(i);
    let low = i, high = i;
    while (i < to && Number.isFinite(y[i]) && column(i) === here) {
      if (y[i] < y[low]) low = i;
      if (y[i] > y[high]) high = i;
      i++;
    }
    for (const index of [first, Math.min(low, high), Math.max(low, high), i - 1]) {
      if (kept.length === 0 || index > kept[kept.length - 1]) kept.push(index);
    }
  }
  return kept;
}

const raised = e => String(e).replace(/./g, c => (c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[c]));

/** A number with its thousands apart; what rounds to nothing has no minus (Decimals.java does the same). */
const written = (value, digits) => value.toLocaleString('en-US', { signDisplay: 'negative', ...digits });

function decimals(value, step) {
  const digits = Math.min(12, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
  return written(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A tick's text, with as many decimals as the step between ticks needs. */
function tickLabel(format, value, step) {
  if (format === 'count') return decimals(value, 1);
  if (format === 'percent') return decimals(value * 100, step * 100) + '%';
  const size = Math.max(Math.abs(value), step);
  if (value !== 0 && (size < 1e-4 || step < 1e-6)) {
    const e = Math.floor(Math.log10(size) + 1e-9);
    return decimals(value / 10 ** e, step / 10 ** e) + '·10' + raised(e);
  }
  const unit = value === 0 ? 1 : size >= 1e9 && step >= 1e8 ? 1e9 : size >= 1e6 && step >= 1e5 ? 1e6 : 1;
  return decimals(value / unit, step / unit) + { 1: '', 1e6: 'M', 1e9: 'G' }[unit];
}

function decadeLabel(format, powers, m, e, value) {
  if (format === 'number' && powers && (e !== 0 || m > 1)) return (m === 1 ? '' : m + '·') + '10' + raised(e);
  return tickLabel(format, value, value);
}

function linearTicks(format, low, high, room) {
  const rough = (high - low) / Math.max(1, room);
  const unit = 10 ** Math.floor(Math.log10(rough));
  const share = rough / unit;
  let step = unit * (share > 5 ? 10 : share > 2 ? 5 : share > 1 ? 2 : 1);
  if (format === 'count') step = Math.max(1, step);
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) {
    ticks.push({ value: k * step, label: tickLabel(format, k * step, step) });
  }
  return ticks;
}

/** Ticks from low to high, those without a label between the others; room is how many labels fit. Ticks.java does the same. */
function ticks(scale, format, low, high, room) {
  if (scale === 'linear') return linearTicks(format, low, high, room);
  const from = scale === 'log1p' ? Math.max(low, 1) : low;
  const count = Math.log10(high / from);
  if (!(count >= 1)) return linearTicks(format, low, high, room);
  const stride = Math.max(1, Math.ceil(count / room)), few = count < 2.5, powers = from < 0.0005 || high >= 1e6;
  const all = scale === 'log1p' && low <= 0 ? [{ value: 0, label: tickLabel(format, 0, 1) }] : [];
  for (let e = Math.floor(Math.log10(from) + 1e-9); e <= Math.floor(Math.log10(high) + 1e-9); e++) {
    for (let m = 1; m < 10; m++) {
      const value = Number(m + 'e' + e);
      if (value < from * (1 - 1e-9) || value > high * (1 + 1e-9) || (m > 1 && count > 12)) continue;
      const labelled = (m === 1 && e % stride === 0) || (few && (m === 2 || m === 5));
      all.push({ value, label: labelled ? decadeLabel(format, powers, m, e, value) : '' });
    }
  }
  return all;
}

/** A value for reading: five significant digits, a count or a share in full. */
function reading(format, value) {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (format === 'count') return written(value, { maximumFractionDigits: 6 });
  if (format === 'percent') return written(value * 100, { minimumFractionDigits: 2, maximumFractionDigits: 3 }) + '%';
  if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e9)) {
    const [mantissa, e] = value.toExponential(4).split('e');
    return mantissa + '·10' + raised(Number(e));
  }
  return written(value, { maximumSignificantDigits: Math.abs(value) >= 1e5 ? 9 : 5 });
}
