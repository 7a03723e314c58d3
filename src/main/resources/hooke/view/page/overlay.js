// A comparison of runs: one legend for all plots, which hides a run everywhere, or brings it out while it is pointed at.

class Overlay {
  constructor(box, plots) {
    this.plots = plots;
    for (const button of box.querySelectorAll('[data-run]')) {
      const run = button.dataset.run;
      button.onclick = e => this.show(button, run, e.altKey || e.ctrlKey || e.metaKey);
      for (const [on, off] of [['pointerenter', 'pointerleave'], ['focus', 'blur']]) {
        button.addEventListener(on, () => this.light(run));
        button.addEventListener(off, () => this.light(null));
      }
    }
    this.buttons = [...box.querySelectorAll('[data-run]')];
  }

  /** Shows or hides the run; alone, shows it and hides all others, or shows all again. */
  show(button, run, alone) {
    const isOn = b => b.getAttribute('aria-pressed') === 'true';
    const wasAlone = this.buttons.every(b => isOn(b) === (b === button));
    for (const b of this.buttons) {
      const on = alone ? wasAlone || b === button : b === button ? !isOn(b) : isOn(b);
      b.setAttribute('aria-pressed', on);
      for (const plot of this.plots) for (const curve of plot.curves) if (curve.name === b.dataset.run) curve.group.shown = on;
    }
    this.light(isOn(button) ? run : null);
  }

  light(run) {
    for (const plot of this.plots) {
      plot.shared.lit = run;
      plot.changed();
    }
  }
}
