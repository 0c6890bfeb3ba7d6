// Results side by side.

function drawCompared(id, key, show, what) {
  const { results, regions } = data.comparison;
  const tints = (c) => [c.before, c.after, c.mark, "#0b8f6a", "#b65f97", "#8a7a1f"];
  chart(id, {
    height: () => 60 + 24 * results.length + (18 + 13 * results.length) * regions.length,
    label: () => `Bars of ${what} by region in ${results.length} results: ${results.join(", ")}. The table below has every figure.`,
    option: (c) => ({
      legend: { top: 0, left: 0, orient: "vertical", textStyle: { color: c.ink } },
      grid: grid({ right: 30, top: 12 + 24 * results.length, bottom: 8 }),
      xAxis: axis(c, { type: "value", axisLabel: { formatter: (v) => show(v, 0) } }),
      yAxis: axis(c, { type: "category", inverse: true, data: regions.map((r) => r.name), splitLine: { show: false } }),
      tooltip: { ...basics(c).tooltip, formatter: (p) => hover(p.name, [`${p.seriesName}: ${show(p.value)}`]) },
      series: results.map((name, at) => ({ name: `${at + 1}. ${name}`, type: "bar", barWidth: 11,
        itemStyle: { color: tints(c)[at % 6] }, data: regions.map((r) => r[key][at]) })),
    }),
    table: () => table(["Region", ...results], regions.map((r) => [r.name, ...r[key].map((value) => show(value))])),
  }).draw();
}

function startComparison() {
  drawAll([
    () => drawCompared("chart-compare-beds", "newBeds", grouped, "new beds"),
    () => drawCompared("chart-compare-share", "share", percent, "the share of need left unmet"),
  ], () => { document.documentElement.dataset.ready = "true"; });
  keepDrawn();
}
