// Results side by side: charts. Their map is in compared_map.js.
const TINTS = (c) => [c.before, c.after, c.mark, "#0b8f6a", "#b65f97", "#8a7a1f"];
const numbered = (name, at) => `${at + 1}. ${name}`;

function drawCompared(id, key, show, what) {
  const { results, regions } = data.comparison;
  chart(id, {
    height: () => 60 + 24 * results.length + (18 + 13 * results.length) * regions.length,
    label: () => `Bars of ${what} by region in ${results.length} results: ${results.join(", ")}. The table below has every figure.`,
    option: (c, width) => ({
      legend: { top: 0, left: 0, orient: "vertical", textStyle: { color: c.ink, width: width - 50, overflow: "truncate" } },
      grid: grid({ right: 30, top: 12 + 24 * results.length, bottom: 8 }),
      xAxis: axis(c, { type: "value", splitNumber: width < 500 ? 3 : 5, axisLabel: { formatter: (v) => show(v, 0) } }),
      yAxis: axis(c, { type: "category", inverse: true, data: regions.map((r) => r.name), splitLine: { show: false } }),
      tooltip: { ...basics(c).tooltip, formatter: (p) => hover(p.name, [`${p.seriesName}: ${show(p.value)}`]) },
      series: results.map((name, at) => ({ name: numbered(name, at), type: "bar", barWidth: 11,
        itemStyle: { color: TINTS(c)[at % 6] }, data: regions.map((r) => r[key][at]) })),
    }),
    table: () => table(["Region", ...results.map(numbered)], regions.map((r) => [r.name, ...r[key].map((value) => show(value))])),
  }).draw();
}

/** A figure of all regions in its unit. */
const measured = (m, value) => (m.unit === "share" ? percent(value) : m.unit.startsWith("£") ? "£" + grouped(value === null ? null : value / 1e6, 1) + "m" : grouped(value, 1));
/** The same on an axis: no more decimals than it needs. */
const onAxis = (m) => (v) => (m.unit === "share" ? percent(v, 1) : m.unit.startsWith("£") ? `£${grouped(v / 1e6, 0)}m` : grouped(v, v % 1 ? 1 : 0));
const unitOf = (m) => (m.unit === "share" ? "share of need" : m.unit.startsWith("£") ? "£ million a year" : m.unit);
/** Measures that every result tells and that are not the same in all. */
const measuresThatDiffer = () => data.comparison.measures.filter((m) => m.values.every((v) => v !== null) && m.values.some((v) => v !== m.values[0]));
const chosenFirst = (list, what) => String(Math.max(0, list.findIndex((m) => m.what === what)));

function drawMeasures() {
  const { results } = data.comparison, list = measuresThatDiffer();
  if (!list.length) return;
  let at = chosenFirst(list, "Unmet need");
  const of = () => list[Number(at)];
  const made = chart("chart-compare-measure", {
    height: (width) => 60 + (width < 500 ? 52 : 34) * results.length,
    label: () => `Bars of ${of().what.toLowerCase()} in each result: ${results.map((name, i) => `${name} ${measured(of(), of().values[i])}`).join("; ")}.`,
    option: (c, width) => ({
      grid: grid({ right: 84, top: 8, bottom: 30 }),
      xAxis: axis(c, { type: "value", name: unitOf(of()), nameGap: 26, splitNumber: width < 500 ? 2 : 4, axisLabel: { formatter: onAxis(of()) } }),
      yAxis: axis(c, { type: "category", inverse: true, data: results.map(numbered), splitLine: { show: false },
        axisLabel: { interval: 0, width: width < 500 ? 130 : 240, overflow: "break", lineHeight: 13, fontSize: width < 500 ? 11 : 12 } }),
      tooltip: { ...basics(c).tooltip, formatter: (p) => hover(results[p.dataIndex], [`${of().what}: ${measured(of(), p.value)}`, unitOf(of())]) },
      series: [{ type: "bar", barMaxWidth: 20, data: of().values.map((value, i) => ({ value, itemStyle: { color: i ? c.after : c.before } })),
        label: { show: true, position: "right", color: c.ink, formatter: (p) => measured(of(), p.value) } }],
    }),
    table: () => table(["Result", ...list.map((m) => `${m.what}, ${unitOf(m)}`)], results.map((name, i) => [numbered(name, i), ...list.map((m) => measured(m, m.values[i]))])),
  });
  document.querySelector("#chart-compare-measure [data-choices]").append(
    ...choice("Figure", list.map((m, i) => [String(i), m.what]), at, (value) => { at = value; made.again(); }),
    el("span", { class: "quiet" }, "Figures that are the same in all results are left out. The first result is grey."));
  made.draw();
}

/** What one aim costs another: a mark for each result. */
function drawTrade() {
  const { results } = data.comparison, list = measuresThatDiffer();
  if (results.length < 3 || list.length < 2) return;
  let y = chosenFirst(list, "Unmet need"), x = chosenFirst(list, "Aim: travel");
  if (x === y) x = y === "0" ? "1" : "0";
  const across = () => list[Number(x)], up = () => list[Number(y)];
  const made = chart("chart-compare-trade", {
    height: () => 380,
    label: () => `Marks of ${up().what.toLowerCase()} against ${across().what.toLowerCase()}: ` +
      results.map((name, i) => `${name} ${measured(up(), up().values[i])} and ${measured(across(), across().values[i])}`).join("; ") + ".",
    option: (c, width) => ({
      grid: grid({ right: 40, top: 30, bottom: 30 }),
      xAxis: axis(c, { type: "value", scale: true, name: `${across().what}, ${unitOf(across())}`, nameGap: 26, splitNumber: width < 500 ? 3 : 5,
        axisLabel: { formatter: onAxis(across()) } }),
      yAxis: axis(c, { type: "value", scale: true, name: `${up().what}, ${unitOf(up())}`, nameLocation: "end", nameTextStyle: { color: c.soft, align: "left" },
        axisLabel: { formatter: onAxis(up()) } }),
      tooltip: { ...basics(c).tooltip, formatter: (p) => hover(numbered(results[p.dataIndex], p.dataIndex),
        [`${up().what}: ${measured(up(), p.value[1])}`, `${across().what}: ${measured(across(), p.value[0])}`]) },
      series: [{ type: "scatter", symbolSize: 15, data: results.map((_, i) => ({ value: [across().values[i], up().values[i]],
        symbol: i ? "circle" : "diamond", itemStyle: { color: i ? c.after : c.before } })),
      // Marks that fall together keep their numbers apart.
      labelLayout: { moveOverlap: "shiftY" },
      label: { show: true, position: "right", color: c.ink, fontWeight: "bold", formatter: (p) => String(p.dataIndex + 1) } }],
    }),
    table: () => table(["Result", `${up().what}, ${unitOf(up())}`, `${across().what}, ${unitOf(across())}`],
      results.map((name, i) => [numbered(name, i), measured(up(), up().values[i]), measured(across(), across().values[i])])),
  });
  const options = list.map((m, i) => [String(i), m.what]);
  document.querySelector("#chart-compare-trade [data-choices]").append(
    ...choice("Upwards", options, y, (value) => { y = value; made.again(); }), ...choice("Across", options, x, (value) => { x = value; made.again(); }));
  made.draw();
}

function startComparison() {
  drawAll([
    () => startComparedMap(),
    () => drawCompared("chart-compare-beds", "newBeds", grouped, "new beds"),
    () => drawCompared("chart-compare-share", "share", percent, "the share of need left unmet"),
    () => drawMeasures(),
    () => drawTrade(),
  ], () => { document.documentElement.dataset.ready = "true"; });
  keepDrawn();
}
