"use strict";
// Draws candles with lightweight-charts, which is loaded only where a chart is, and adds to them what the server tells.
const fairwayCandles = (() => {
  const LIBRARY = "/panel/charts/lightweight-charts.standalone.production.js";
  const charts = new Map();
  let library;

  function loaded() {
    library ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = LIBRARY;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
    return library;
  }

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const COLOURS = { entry: "accent", exit: "ink", stop: "bad", target: "good", order: "held" };

  function looks() {
    return {
      layout: { background: { color: colour("paper") }, textColor: colour("muted"), fontSize: 12, attributionLogo: true },
      grid: { vertLines: { color: colour("soft") }, horzLines: { color: colour("soft") } },
      rightPriceScale: { borderVisible: false },
      timeScale: { borderVisible: false, timeVisible: true, secondsVisible: true },
      crosshair: { mode: 0 },
    };
  }

  function candleLooks() {
    const gain = colour("gain"), loss = colour("loss");
    return { upColor: gain, wickUpColor: gain, borderUpColor: gain, downColor: loss, wickDownColor: loss, borderDownColor: loss };
  }

  // Prices that are drawn as lines are in sight, unless they are so far away that the candles would be a line too.
  function withLines(info, lines) {
    if (!info?.priceRange) return info;
    const { minValue, maxValue } = info.priceRange, room = 3 * (maxValue - minValue);
    const near = [...lines.values()].map((each) => each.one.price).filter((price) => price > minValue - room && price < maxValue + room);
    return { ...info, priceRange: { minValue: Math.min(minValue, ...near), maxValue: Math.max(maxValue, ...near) } };
  }

  function begun(element, places) {
    const chart = LightweightCharts.createChart(element, { ...looks(), autoSize: true });
    const series = chart.addSeries(LightweightCharts.CandlestickSeries, {
      ...candleLooks(), priceFormat: { type: "price", precision: places, minMove: 1 / 10 ** places },
    });
    const lines = new Map();
    series.applyOptions({ autoscaleInfoProvider: (own) => withLines(own(), lines) });
    const marks = LightweightCharts.createSeriesMarkers(series, []);
    element.querySelectorAll("a").forEach((one) => one.setAttribute("aria-label", "Charts by TradingView"));
    element.querySelectorAll("table").forEach((one) => one.setAttribute("role", "presentation"));
    return { element, chart, series, marks, marked: new Map(), lines };
  }

  const candle = ([time, open, high, low, close]) => ({ time, open, high, low, close });

  function mark(one) {
    return {
      time: one.at, position: one.is_buy ? "belowBar" : "aboveBar", shape: one.is_buy ? "arrowUp" : "arrowDown",
      color: colour(COLOURS[one.kind]), text: one.words,
    };
  }

  function line(one) {
    return { price: one.price, title: one.words, color: colour(COLOURS[one.kind]), lineWidth: 1, lineStyle: 2, axisLabelVisible: true };
  }

  function drawLine(shown, one) {
    const known = shown.lines.get(one.key);
    if (known) known.drawn.applyOptions(line(one));
    shown.lines.set(one.key, { one, drawn: known ? known.drawn : shown.series.createPriceLine(line(one)) });
  }

  function dropLine(shown, key) {
    const known = shown.lines.get(key);
    if (known) shown.series.removePriceLine(known.drawn);
    shown.lines.delete(key);
  }

  function drawMarks(shown) {
    shown.marks.setMarkers([...shown.marked.values()].sort((a, b) => a.at - b.at).map(mark));
  }

  function change(shown, news) {
    if (news.is_whole) {
      shown.series.setData(news.candles.map(candle));
      shown.marked.clear();
      [...shown.lines.keys()].forEach((key) => dropLine(shown, key));
    } else news.candles.forEach((one) => shown.series.update(candle(one)));
    news.marks_gone.forEach((key) => shown.marked.delete(key));
    news.marks.forEach((one) => shown.marked.set(one.key, one));
    if (news.is_whole || news.marks.length || news.marks_gone.length) drawMarks(shown);
    news.lines_gone.forEach((key) => dropLine(shown, key));
    news.lines.forEach((one) => drawLine(shown, one));
    if (news.is_whole) shown.chart.timeScale().fitContent();
  }

  async function show(id, news) {
    const before = charts.get(id);
    const mine = (async () => {
      const shown = await before ?? (await loaded(), begun(document.getElementById(id), news.places));
      change(shown, news);
      return shown;
    })();
    charts.set(id, mine);
    await mine;
  }

  async function themed() {
    for (const one of charts.values()) {
      const shown = await one;
      shown.chart.applyOptions(looks());
      shown.series.applyOptions(candleLooks());
      drawMarks(shown);
      shown.lines.forEach((each) => each.drawn.applyOptions(line(each.one)));
    }
  }

  window.addEventListener("fairway-theme", themed);
  return { show };
})();
