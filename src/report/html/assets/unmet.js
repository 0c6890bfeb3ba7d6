// Need left unmet, by region and by specialty.

function drawUnmetByRegion() {
  const before = data.before || {};
  const rows = data.regions.map((r) => ({
    name: r.name, need: r.need, after: over(r.unmet, r.need), unmet: r.unmet,
    before: data.period === null && before[r.id] !== null && before[r.id] !== undefined ? over(before[r.id], r.need) : null,
    unmetBefore: data.period === null ? before[r.id] : null,
  }));
  const known = rows.some((row) => row.before !== null);
  const worst = rows.reduce((a, b) => ((b.after || 0) > (a.after || 0) ? b : a), rows[0]);
  chart("chart-unmet", {
    height: () => 90 + 44 * rows.length,
    label: () => `Bars of the share of need left unmet by region, ${known ? "before and " : ""}after the plan. ` +
      `Highest after the plan: ${worst.name}, ${percent(worst.after)}. The table below has every figure.`,
    option: (c) => ({
      legend: { top: 0, left: 0, textStyle: { color: c.ink }, itemGap: 18 },
      grid: grid({ right: 52, top: 32, bottom: 8 }),
      xAxis: axis(c, { type: "value", axisLabel: { formatter: (v) => percent(v, 0) } }),
      yAxis: axis(c, { type: "category", inverse: true, data: rows.map((r) => r.name), splitLine: { show: false } }),
      tooltip: { ...basics(c).tooltip, trigger: "item", formatter: (p) => hover(rows[p.dataIndex].name, [
        known ? `Before: ${percent(rows[p.dataIndex].before)} of need` : null,
        `After: ${percent(rows[p.dataIndex].after)} of need, ${grouped(rows[p.dataIndex].unmet)} occupied beds`].filter(Boolean)) },
      series: [
        ...(known ? [{ name: "Before", type: "bar", barWidth: 13, itemStyle: { color: c.before }, data: rows.map((r) => r.before) }] : []),
        { name: "After the plan", type: "bar", barWidth: 13, itemStyle: { color: c.after }, data: rows.map((r) => r.after),
          label: { show: true, position: "right", color: c.ink, formatter: (p) => percent(p.value, 1) } },
      ],
    }),
    table: () => table(["Region", "Need", "Unmet before", "Share before", "Unmet after", "Share after"],
      rows.map((r) => [r.name, grouped(r.need), grouped(r.unmetBefore), percent(r.before), grouped(r.unmet), percent(r.after)]),
      "Occupied beds and shares of need."),
  }).draw();
}

function drawUnmetBySpecialty() {
  const regions = data.regions.map((r) => r.name);
  const total = (list) => list.reduce((sum, one) => sum + one, 0);
  const rows = data.specialties.filter((s) => total(s.need) > 0)
    .sort((a, b) => total(b.unmet) - total(a.unmet));
  if (!rows.length) return;
  const cells = rows.flatMap((s, y) => regions.map((_, x) => [x, y, over(s.unmet[x], s.need[x])])).filter((cell) => cell[2] !== null);
  const most = Math.max(0.01, ...cells.map((cell) => cell[2]));
  chart("chart-specialty", {
    height: () => 150 + 26 * rows.length,
    label: () => `Grid of the share of need left unmet by specialty and region. Most is left unmet in ${rows[0].name}: ` +
      `${grouped(total(rows[0].unmet))} occupied beds. The table below has every figure.`,
    option: (c, width) => ({
      grid: grid({ right: 8, top: 8, bottom: 56 }),
      xAxis: axis(c, { type: "category", data: regions, axisLabel: { interval: 0, rotate: width < 620 ? 60 : 35, fontSize: 12 }, splitLine: { show: false } }),
      yAxis: axis(c, { type: "category", inverse: true, data: rows.map((s) => s.name),
        axisLabel: { fontSize: 12, width: width < 500 ? 110 : 200, overflow: "truncate" }, splitLine: { show: false } }),
      visualMap: { min: 0, max: most, calculable: false, orient: "horizontal", left: "center", bottom: 0, itemHeight: 140,
        inRange: { color: [c.shade0, c.shade1, c.shade2, c.shade3, c.shade4] }, textStyle: { color: c.ink },
        text: [percent(most, 0) + " of need unmet", "0%"] },
      tooltip: { ...basics(c).tooltip, formatter: (p) => hover(`${rows[p.value[1]].name}, ${regions[p.value[0]]}`, [
        `${percent(p.value[2])} of need unmet`,
        `${grouped(rows[p.value[1]].unmet[p.value[0]])} of ${grouped(rows[p.value[1]].need[p.value[0]])} occupied beds`]) },
      series: [{ type: "heatmap", data: cells, itemStyle: { borderColor: c.paper, borderWidth: 1 } }],
    }),
    table: () => table(["Specialty", "Need", "Unmet", "Share", ...regions],
      rows.map((s) => [s.name, grouped(total(s.need)), grouped(total(s.unmet)), percent(over(total(s.unmet), total(s.need))),
        ...regions.map((_, x) => percent(over(s.unmet[x], s.need[x])))]),
      "Need and unmet need in occupied beds; by region the share of need left unmet."),
  }).draw();
}
