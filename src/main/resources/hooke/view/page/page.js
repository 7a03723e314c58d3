// Starts the page: draws every figure from the data it carries, switches light and dark, prints in light.

const plots = [];
const sharedAxes = new Map();

for (const figure of document.querySelectorAll('figure[data-plot]')) {
  const data = JSON.parse(figure.querySelector('script').textContent);
  if (figure.dataset.plot === 'curves') {
    if (!sharedAxes.has(data.x.label)) sharedAxes.set(data.x.label, new SharedX(data.x));
    plots.push(new CurvePlot(figure, data, sharedAxes.get(data.x.label)));
  } else {
    // Functions, so that a page may leave out what it has no figure for.
    const kinds = { heat: () => HeatMap, parallel: () => ParallelPlot, bars: () => BarChart, points: () => PointChart,
      timelapse: () => TimeLapse, attention: () => AttentionExplorer, life: () => LifeGames,
      'life-editor': () => LifeEditor, 'life-attention': () => LifeAttention };
    const Kind = kinds[figure.dataset.plot]();
    plots.push(new Kind(figure, data));
  }
}

for (const box of document.querySelectorAll('[data-cells]')) new CellTable(box);
for (const box of document.querySelectorAll('.overlaid')) new Overlay(box, plots.filter(plot => box.contains(plot.figure)));

const root = document.documentElement, systemDark = matchMedia('(prefers-color-scheme: dark)');
const isDark = () => (root.dataset.theme ?? (systemDark.matches ? 'dark' : 'light')) === 'dark';
const redraw = () => plots.forEach(plot => plot.changed());

// A page opened as a file may have no storage: the choice then lasts as long as the page.
function remember(theme) {
  try {
    localStorage.setItem('hooke-theme', theme);
  } catch { /* nothing to remember it in */ }
}

try {
  const theme = localStorage.getItem('hooke-theme');
  if (theme) root.dataset.theme = theme;
} catch { /* nothing remembered */ }

const themeButton = document.querySelector('#theme');
function showTheme() {
  themeButton.textContent = isDark() ? '☀ Light' : '☾ Dark';
  themeButton.setAttribute('aria-label', isDark() ? 'Use the light scheme' : 'Use the dark scheme');
  redraw();
}
themeButton.onclick = () => {
  root.dataset.theme = isDark() ? 'light' : 'dark';
  remember(root.dataset.theme);
  showTheme();
};
systemDark.addEventListener('change', showTheme);
showTheme();

let themeOnScreen;
addEventListener('beforeprint', () => {
  themeOnScreen = root.dataset.theme;
  root.dataset.theme = 'light';
  for (const plot of plots) plot.draw();
});
addEventListener('afterprint', () => {
  if (themeOnScreen) root.dataset.theme = themeOnScreen; else delete root.dataset.theme;
  redraw();
});
