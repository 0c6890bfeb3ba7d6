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
    option: (c, width) => ({
      legend: { top: 0, left: 0, textStyle: { color: c.ink }, itemGap: 18 },
      grid: grid({ right: 52, top: 32, bottom: 8 }),
      xAxis: axis(c, { type: "value", splitNumber: width < 500 ? 3 : 5, axisLabel: { formatter: (v) => percent(v, 0) } }),
      yAxis: axis(c, { type: "category", inverse: true, data: rows.map((r) => r.name), splitLine: { show: false } }),
      tooltip: { ...basics(c).tooltip, trigger: "item", formatter: (p) => hover(rows[p.dataIndex].name, [
        known ? `Before: ${percent(rows[p.dataIndex].before)} of need` : null,
        `After: ${percent(rows[p.dataIndex].after)} of need, ${grouped(rows[p.dataIndex].unmet)} occupied beds`].filter(Boolean)) },
      series: [
        ...(known ? [{ name: "Before", type: "bar", barWidth: 13, itemStyle: { color: c.before }, data: rows.map((r) => r.before),
          label: { show: true, position: "right", color: c.soft, formatter: (p) => percent(p.value, 1) } }] : []),
        { name: "After the plan", type: "bar", barWidth: 13, itemStyle: { color: c.after }, data: rows.map((r) => r.after),
          label: { show: true, position: "right", color: c.ink, formatter: (p) => percent(p.value, 1) } },
      ],
    }),
    table: () => table(["Region", "Need", "Unmet before", "Share before", "Unmet after", "Share after"],
      rows.map((r) => [r.name, grouped(r.need), grouped(r.unmetBefore), percent(r.before), grouped(r.unmet), percent(r.after)]),
      "Occupied beds and shares of need."),
  }).draw();
}

/** Sums over regions; null where any is not known. */
const total = (list) => list.reduce((sum, one) => (sum === null || one === null ? null : sum + one), 0);

/** Specialties with need, those first of which most is left unmet. */
const withNeed = () => data.specialties.filter((s) => total(s.need) > 0).sort((a, b) => total(b.unmet) - total(a.unmet));

/** Whether the result tells what would be left unmet by specialty if nothing were done. */
const beforeIsKnown = () => data.specialties.some((s) => total(s.before) !== null);

/** Names along an axis: in two lines on a telephone. */
const nameLabels = (width) => ({ interval: 0, fontSize: width < 500 ? 10.5 : 12, lineHeight: 11.5, width: width < 500 ? 112 : 220, overflow: "break" });

function drawUnmetBySpecialty() {
  if (!withNeed().length) return;
  let chosen = "all";
  const of = (list) => (chosen === "all" ? total(list) : list[Number(chosen)]);
  const rows = () => withNeed().filter((s) => of(s.need) > 0)
    .map((s) => ({ name: s.name, need: of(s.need), after: of(s.unmet), before: of(s.before) }))
    .sort((a, b) => b.after - a.after);
  const known = beforeIsKnown();
  const where = () => (chosen === "all" ? "all regions" : data.regions[Number(chosen)].name);
  const made = chart("chart-specialty", {
    height: () => 80 + 34 * rows().length,
    label: () => `Bars of need left unmet by specialty, ${where()}, in occupied beds, ${known ? "before and " : ""}after the plan. Most after the plan: ` +
      `${rows()[0].name}, ${grouped(rows()[0].after)}. The table below has every figure.`,
    option: (c, width) => ({
      legend: { top: 0, left: 0, textStyle: { color: c.ink }, itemGap: 18 },
      grid: grid({ right: 56, top: 32, bottom: 28 }),
      xAxis: axis(c, { type: "value", name: "Occupied beds", nameGap: 26, splitNumber: width < 500 ? 3 : 5 }),
      yAxis: axis(c, { type: "category", inverse: true, data: rows().map((r) => r.name), splitLine: { show: false },
        axisLabel: nameLabels(width) }),
      tooltip: { ...basics(c).tooltip, formatter: (p) => { const r = rows()[p.dataIndex]; return hover(`${r.name}, ${where()}`, [
        known ? `Before: ${grouped(r.before)} occupied beds, ${percent(over(r.before, r.need))} of need` : null,
        `After: ${grouped(r.after)} occupied beds, ${percent(over(r.after, r.need))} of need`, `Need: ${grouped(r.need)} occupied beds`].filter(Boolean)); } },
      series: [
        ...(known ? [{ name: "Before", type: "bar", barWidth: 9, barGap: "40%", itemStyle: { color: c.before }, data: rows().map((r) => r.before) }] : []),
        { name: "After the plan", type: "bar", barWidth: 9, itemStyle: { color: c.after }, data: rows().map((r) => r.after),
          label: { show: true, position: "right", offset: [0, 2], color: c.ink, fontSize: 11.5, formatter: (p) => grouped(p.value) } },
      ],
    }),
    table: () => table(["Specialty", "Need", "Unmet before", "Share before", "Unmet after", "Share after", "Change"],
      rows().map((r) => [r.name, grouped(r.need), grouped(r.before), percent(over(r.before, r.need)), grouped(r.after), percent(over(r.after, r.need)),
        r.before === null ? DASH : signed(r.after - r.before)]),
      `Occupied beds and shares of need, ${where()}.`),
  });
  document.querySelector("#chart-specialty [data-choices]").append(
    ...choice("People who live in", [["all", "All regions"], ...data.regions.map((r, i) => [String(i), r.name]).filter((_, i) => data.specialties.some((s) => s.need[i] > 0))], "all",
      (value) => { chosen = value; made.again(); }));
  made.draw();
}

function drawUnmetGrid() {
  const rows = withNeed();
  if (!rows.length) return;
  const regions = data.regions.map((r) => r.name);
  const share = { after: (s, x) => over(s.unmet[x], s.need[x]), before: (s, x) => (s.before[x] === null ? null : over(s.before[x], s.need[x])) };
  share.change = (s, x) => (share.before(s, x) === null ? null : share.after(s, x) - share.before(s, x));
  let chosen = "after";
  const cells = () => rows.flatMap((s, y) => regions.map((_, x) => [x, y, share[chosen](s, x)])).filter((cell) => cell[2] !== null);
  // One scale for before and after, so that the two can be held beside each other. A few shares are extreme, of specialties with
  // little need: the scales end where all but one in fifty are.
  const end = (sizes) => sizes.sort((a, b) => a - b)[Math.floor((sizes.length - 1) * 0.98)];
  const most = Math.max(0.01, end(rows.flatMap((s) => regions.flatMap((_, x) => [share.after(s, x), share.before(s, x)])).filter((v) => v !== null)));
  const apart = () => Math.max(0.001, end(cells().map((cell) => Math.abs(cell[2]))));
  const words = { after: "after the plan", before: "before", change: "after the plan less before" };
  const show = (v) => (chosen === "change" ? `${signed(100 * v, 2)} points` : percent(v));
  const worst = () => cells().reduce((a, b) => (b[2] > a[2] ? b : a));
  const made = chart("chart-grid", {
    height: (width) => 150 + (width < 500 ? 34 : 26) * rows.length,
    label: () => `Grid of the share of need left unmet by specialty and region, ${words[chosen]}. Highest: ${rows[worst()[1]].name} in ` +
      `${regions[worst()[0]]}, ${show(worst()[2])}. The table below has every figure.`,
    option: (c, width) => ({
      grid: grid({ right: 8, top: 8, bottom: 56 }),
      xAxis: axis(c, { type: "category", data: regions, axisLabel: { interval: 0, rotate: width < 620 ? 60 : 35, fontSize: 12 }, splitLine: { show: false } }),
      yAxis: axis(c, { type: "category", inverse: true, data: rows.map((s) => s.name),
        axisLabel: nameLabels(width), splitLine: { show: false } }),
      visualMap: { min: chosen === "change" ? -apart() : 0, max: chosen === "change" ? apart() : most, calculable: false, orient: "horizontal",
        left: "center", bottom: 0, itemHeight: width < 500 ? 90 : 140, textStyle: { color: c.ink },
        inRange: { color: chosen === "change" ? [c.better2, c.better1, c.same, c.worse1, c.worse2] : [c.shade0, c.shade1, c.shade2, c.shade3, c.shade4] },
        text: chosen === "change" ? [`${signed(100 * apart(), 1)} points or more`, `${grouped(-100 * apart(), 1)}`] : [`${percent(most, 0)} of need unmet or more`, "0%"] },
      tooltip: { ...basics(c).tooltip, formatter: (p) => { const s = rows[p.value[1]], x = p.value[0]; return hover(`${s.name}, ${regions[x]}`, [
        s.before[x] === null ? null : `Before: ${percent(share.before(s, x))} of need unmet, ${grouped(s.before[x])} occupied beds`,
        `After: ${percent(share.after(s, x))} of need unmet, ${grouped(s.unmet[x])} occupied beds`, `Need: ${grouped(s.need[x])} occupied beds`].filter(Boolean)); } },
      series: [{ type: "heatmap", data: cells(), itemStyle: { borderColor: c.paper, borderWidth: 1 } }],
    }),
    table: () => table(["Specialty", "All regions", ...regions],
      rows.map((s) => { const all = { need: [total(s.need)], unmet: [total(s.unmet)], before: [total(s.before)] };
        return [s.name, ...[share[chosen](all, 0), ...regions.map((_, x) => share[chosen](s, x))].map((v) => (v === null ? DASH : show(v)))]; }),
      chosen === "change" ? "Share of need left unmet, after the plan less before, in percentage points." : `Share of need left unmet ${words[chosen]}.`),
  });
  if (beforeIsKnown()) {
    document.querySelector("#chart-grid [data-choices]").append(...choice("Colours show",
      [["after", "After the plan"], ["before", "Before"], ["change", "Change, in percentage points"]], "after", (value) => { chosen = value; made.again(); }));
  }
  made.draw();
}
