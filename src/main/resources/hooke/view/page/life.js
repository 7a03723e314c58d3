// Life: games of a model beside the true ones, and a board to draw a pattern on, which the page plays by the rules.

/** A board in a canvas: living cells in ink; where another board differs, cells that live but should not and those that should. */
function drawBoard(canvas, width, cells, truth, size, colour) {
  const g = surface(canvas, size, size), cell = size / width, gap = cell > 6 ? 1 : 0;
  g.fillStyle = colour('line');
  g.fillRect(0, 0, size, size);
  for (let i = 0; i < cells.length; i++) {
    const x = (i % width) * cell, y = Math.floor(i / width) * cell, alive = cells[i] === '1', right = !truth || truth[i] === cells[i];
    g.fillStyle = colour(right ? (alive ? 'ink' : 'paper') : alive ? 'curve-1' : 'paper');
    g.fillRect(x + gap / 2, y + gap / 2, cell - gap, cell - gap);
    if (right) continue;
    g.strokeStyle = colour('curve-1');
    g.lineWidth = Math.max(1.5, cell / 9);
    g.strokeRect(x + cell * 0.16, y + cell * 0.16, cell * 0.68, cell * 0.68);
  }
}

/** Plays and stops by a button, a slider and the space bar. */
class Film {
  constructor(box, show) {
    this.show = show;
    this.play = make('button', 'play', '▶ Play');
    this.play.title = 'Play or stop (space)';
    this.slider = make('input');
    Object.assign(this.slider, { type: 'range', min: 0, step: 1, value: 0 });
    this.slider.setAttribute('aria-label', 'Generation');
    this.now = make('output', 'now');
    const bar = make('div', 'film');
    bar.append(this.play, this.slider, this.now);
    box.append(bar);
    this.slider.oninput = () => this.go(Number(this.slider.value));
    this.play.onclick = () => this.toggle();
    this.slider.addEventListener('keydown', e => {
      if (e.key !== ' ') return;
      e.preventDefault();
      this.toggle();
    });
  }

  begin(last) {
    this.last = last;
    this.slider.max = last;
    this.go(0);
  }

  go(frame) {
    this.frame = Math.max(0, Math.min(this.last, frame));
    this.slider.value = this.frame;
    this.now.textContent = `${this.frame} of ${this.last}`;
    this.slider.setAttribute('aria-valuetext', `generation ${this.frame} of ${this.last}`);
    this.show(this.frame);
  }

  toggle() {
    if (this.playing) {
      clearInterval(this.playing);
      this.playing = null;
    } else {
      if (this.frame === this.last) this.go(0);
      this.playing = setInterval(() => {
        if (this.frame === this.last) this.toggle(); else this.go(this.frame + 1);
      }, 300);
    }
    this.play.textContent = this.playing ? '❚❚ Stop' : '▶ Play';
  }
}

const population = cells => [...cells].filter(c => c === '1').length;

class LifeGames extends Drawn {
  constructor(figure, data) {
    super();
    Object.assign(this, { figure, data, game: data.games[0] });
    const row = make('div', 'chooser'), label = make('label', '', 'Start'), select = make('select');
    data.games.forEach((game, i) => select.append(new Option(`${game.name}, ${game.width} × ${game.width}`, i)));
    select.onchange = () => {
      this.game = data.games[Number(select.value)];
      this.film.begin(this.game.truth.length - 1);
    };
    label.append(select);
    row.append(label);
    figure.append(row);
    this.film = new Film(figure, () => this.changed());
    const boards = make('div', 'boards');
    [this.model, this.truth] = [['The model', 'model'], ['The game', 'truth']].map(([title, name]) => {
      const panel = make('div', 'panel ' + name), canvas = make('canvas');
      canvas.setAttribute('role', 'img');
      panel.append(make('h4', '', title), canvas);
      boards.append(panel);
      return canvas;
    });
    this.reads = make('p', 'reads');
    this.reads.setAttribute('aria-live', 'polite');
    figure.append(boards, this.reads, make('p', 'small',
      'Orange marks the cells in which the model differs: filled ones live and should not, outlined ones should live. ' +
      'Each board of the model is its answer to its own last board.'));
    new ResizeObserver(() => this.changed()).observe(figure);
    this.film.begin(this.game.truth.length - 1);
  }

  draw() {
    const { game, film, model, truth } = this, at = film.frame, colour = colours(this.figure);
    const size = Math.min(model.parentElement.clientWidth, 400);
    if (size < 40) return;
    drawBoard(model, game.width, game.model[at], game.truth[at], size, colour);
    drawBoard(truth, game.width, game.truth[at], null, size, colour);
    const cells = game.truth[at].length, wrong = [...game.truth[at]].filter((c, i) => c !== game.model[at][i]).length;
    const text = `${wrong} of ${cells} cells differ; ${population(game.model[at])} live in the model's board, ` +
      `${population(game.truth[at])} in the game's${game.malformed.includes(at) ? '; the answer was no whole board' : ''}`;
    this.reads.textContent = text;
    model.setAttribute('aria-label', `Board of the model, generation ${at}: ${text}`);
    truth.setAttribute('aria-label', `Board of the game, generation ${at}`);
  }
}

/** A board to draw on: the page plays it by the rules, and says the command by which the model plays it. */
class LifeEditor extends Drawn {
  constructor(figure, data) {
    super();
    Object.assign(this, { figure, data, width: data.width, at: 0, playing: null });
    this.cells = this.first = data.start;
    this.build();
    this.listen();
    this.said();
  }

  build() {
    const tools = make('div', 'chooser');
    const button = (text, act) => {
      const made = make('button', '', text);
      made.type = 'button';
      made.onclick = act;
      tools.append(made);
      return made;
    };
    this.play = button('▶ Play', () => this.toggle());
    button('Step', () => this.set(this.next(this.cells)));
    button('Back to the start', () => this.set(this.first));
    button('Clear', () => this.begin('0'.repeat(this.width * this.width)));
    this.canvas = make('canvas', 'editor');
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute('role', 'img');
    this.reads = make('p', 'reads');
    this.reads.setAttribute('aria-live', 'polite');
    const label = make('label', 'rle', 'As RLE');
    this.rle = make('input');
    this.rle.type = 'text';
    this.rle.spellcheck = false;
    label.append(this.rle);
    this.command = make('code', 'command');
    this.figure.append(tools, this.canvas, this.reads, label,
      make('p', 'small', 'What the model makes of this pattern, this command computes:'), this.command);
  }

  listen() {
    new ResizeObserver(() => this.changed()).observe(this.figure);
    let pen = null;
    const cell = e => {
      const size = this.canvas.clientWidth / this.width;
      const x = Math.floor(e.offsetX / size), y = Math.floor(e.offsetY / size);
      return x >= 0 && y >= 0 && x < this.width && y < this.width ? y * this.width + x : -1;
    };
    this.canvas.addEventListener('pointerdown', e => {
      const i = cell(e);
      if (i < 0) return;
      this.canvas.setPointerCapture(e.pointerId);
      pen = this.cells[i] === '1' ? '0' : '1';
      this.paint(i, pen);
    });
    this.canvas.addEventListener('pointermove', e => {
      const i = cell(e);
      if (pen !== null && e.buttons & 1 && i >= 0) this.paint(i, pen);
    });
    this.canvas.addEventListener('pointerup', () => { pen = null; });
    this.canvas.addEventListener('keydown', e => {
      const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.width, ArrowDown: this.width }[e.key];
      if (by !== undefined) this.at = (this.at + by + this.cells.length) % this.cells.length;
      else if (e.key === ' ' || e.key === 'Enter') this.paint(this.at, this.cells[this.at] === '1' ? '0' : '1');
      else return;
      e.preventDefault();
      this.changed();
    });
    this.rle.onchange = () => {
      const cells = this.read(this.rle.value);
      this.rle.setAttribute('aria-invalid', cells === null);
      if (cells) this.begin(cells);
      else this.reads.textContent = `This is not RLE of at most ${this.width} × ${this.width} cells: b dead, o alive, $ next row, ! end.`;
    };
  }

  paint(cell, value) {
    this.begin(this.cells.slice(0, cell) + value + this.cells.slice(cell + 1));
  }

  /** A new start. */
  begin(cells) {
    this.first = cells;
    this.set(cells);
    this.said();
  }

  set(cells) {
    this.cells = cells;
    this.changed();
  }

  said() {
    this.rle.value = this.write(this.first);
    this.command.textContent = `${this.data.command} --width ${this.width} --start '${this.rle.value}'`;
  }

  toggle() {
    if (this.playing) {
      clearInterval(this.playing);
      this.playing = null;
    } else this.playing = setInterval(() => this.set(this.next(this.cells)), 200);
    this.play.textContent = this.playing ? '❚❚ Stop' : '▶ Play';
  }

  /** The next generation, as Game.java has it. */
  next(cells) {
    const n = this.width, { torus, born, survives } = this.data;
    const at = (x, y) => {
      if (torus) return cells[((y + n) % n) * n + (x + n) % n] === '1';
      return x >= 0 && y >= 0 && x < n && y < n && cells[y * n + x] === '1';
    };
    let next = '';
    for (let i = 0; i < cells.length; i++) {
      const x = i % n, y = Math.floor(i / n);
      let neighbours = 0;
      for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) if ((dx || dy) && at(x + dx, y + dy)) neighbours++;
      next += ((cells[i] === '1' ? survives : born) >> neighbours) & 1 ? '1' : '0';
    }
    return next;
  }

  /** The whole board, so that it comes back where it was drawn. */
  write(cells) {
    const rows = [];
    for (let y = 0; y < this.width; y++) {
      rows.push(cells.slice(y * this.width, (y + 1) * this.width).replace(/(.)\1*/g,
        run => (run.length > 1 ? run.length : '') + (run[0] === '1' ? 'o' : 'b')));
    }
    return rows.join('$') + '!';
  }

  /** Cells in the middle of the board; null for what is no pattern of that size. */
  read(text) {
    const body = text.replace(/^\s*(#.*|x\s*=.*)$/gm, '').replace(/\s/g, '').split('!')[0];
    if (!/^(\d*[bo$])*$/.test(body) || !body) return null;
    if ((body.match(/\d+/g) ?? []).some(times => Number(times) > this.width)) return null;
    const rows = body.replace(/(\d*)([bo$])/g, (_, times, sign) =>
      ({ b: '0', o: '1', $: '\n' })[sign].repeat(Number(times || 1))).split('\n');
    const width = Math.max(...rows.map(row => row.length));
    if (width > this.width || rows.length > this.width) return null;
    const left = Math.floor((this.width - width) / 2), top = Math.floor((this.width - rows.length) / 2);
    const board = Array.from({ length: this.width }, (_, y) =>
      ('0'.repeat(left) + (rows[y - top] ?? '')).padEnd(this.width, '0'));
    return board.join('');
  }

  draw() {
    const size = Math.min(this.figure.clientWidth - 32, 400);
    if (size < 40) return;
    const colour = colours(this.figure);
    drawBoard(this.canvas, this.width, this.cells, null, size, colour);
    if (document.activeElement === this.canvas) {
      const g = this.canvas.getContext('2d'), cell = size / this.width;
      g.strokeStyle = colour('curve-0');
      g.lineWidth = 2;
      g.strokeRect((this.at % this.width) * cell + 1, Math.floor(this.at / this.width) * cell + 1, cell - 2, cell - 2);
    }
    this.reads.textContent = `${population(this.cells)} of ${this.cells.length} cells live`;
    this.canvas.setAttribute('aria-label', `Board to draw on: ${this.reads.textContent}. Arrow keys move, space changes a cell.`);
  }
}
