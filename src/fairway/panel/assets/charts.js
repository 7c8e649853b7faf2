"use strict";
// Charts of ECharts: the colours of the theme, and what is new on them. Their first points come with the page.
const fairwayCharts = (() => {
  const LOOK_MS = 50, LOOKS_MAX = 400;
  const charts = new Map();
  const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // A chart is there a moment after its page.
  async function drawn(id) {
    for (let looks = 0; looks < LOOKS_MAX; looks++) {
      const element = window.getElement?.(id);
      if (element?.chart?.getOption()?.series) return element;
      await new Promise((done) => setTimeout(done, LOOK_MS));
    }
    throw new Error(`the chart ${id} was not drawn`);
  }

  function dress({ chart, colours, areas }) {
    const text = ink("--muted"), line = ink("--hairline");
    const axis = { axisLabel: { color: text }, nameTextStyle: { color: text }, splitLine: { lineStyle: { color: line } },
      axisLine: { lineStyle: { color: line } } };
    const { xAxis, yAxis } = chart.getOption();
    chart.setOption({
      textStyle: { color: text },
      xAxis: xAxis.map(() => axis),
      yAxis: yAxis.map(() => axis),
      tooltip: { backgroundColor: ink("--soft"), borderColor: line, textStyle: { color: ink("--ink") } },
      series: colours.map((name) => (name ? { itemStyle: { color: ink(name) }, lineStyle: { color: ink(name) } } : shaded(areas))),
    });
  }

  const shaded = (areas) => ({
    markArea: {
      data: areas.map(({ words, since, until, colour }) => [
        { name: words, xAxis: since, itemStyle: { color: ink(colour), opacity: 0.18 }, label: { show: false } }, { xAxis: until },
      ]),
    },
  });

  async function begun(id, { colours, areas = [] }) {
    const { chart, options } = await drawn(id);
    const shown = { chart, colours, areas, points: options.series.map((each) => [...each.data]) };
    dress(shown);
    return shown;
  }

  function begin(id, looks) {
    charts.set(id, begun(id, looks));
  }

  function changed(points, [gone, length, news]) {
    const now = points.slice(gone, gone + length);
    news.forEach(([place, point]) => { now[place] = point; });
    return now;
  }

  async function change(id, { series, begin: min, end: max, areas }) {
    const shown = await charts.get(id);
    shown.points = shown.points.map((points, place) => changed(points, series[place]));
    if (areas) shown.areas = areas;
    shown.chart.setOption({
      ...(max === undefined ? {} : { xAxis: shown.chart.getOption().xAxis.map(() => ({ min, max })) }),
      series: shown.points.map((data, place) => (shown.colours[place] ? { data } : shaded(shown.areas))),
    });
  }

  async function themed() {
    for (const [id, one] of charts) {
      if (window.getElement?.(id)) dress(await one);
      else charts.delete(id);
    }
  }

  window.addEventListener("fairway-theme", themed);
  return { begin, change };
})();
