// Beds, journeys, and the pathway over periods.

function drawOccupancy() {
  const s = data.sites;
  const all = s.id.map((_, i) => i).filter((i) => s.after[i] > 0);
  if (!all.length) return;
  const after = (i) => s.occupied[i] / s.after[i];
  const cap = (i) => s.room[i] / s.after[i];
  const today = (i) => over(s.today[i], s.before[i]);
  const full = all.filter((i) => after(i) >= cap(i) - 1e-4).length;
  const above = all.filter((i) => today(i) !== null && today(i) > cap(i) + 1e-9).length;
  const caps = [...new Set(all.map((i) => cap(i).toFixed(3)))];
  chart("chart-occupancy", {
    label: () => `Occupancy of ${all.length} hospital sites by their size. Today ${above} are above the cap; after the plan none is, ` +
      `and ${full} stand at it. The table below has every figure.`,
    option: (c) => ({
      legend: { top: 0, left: 0, textStyle: { color: c.ink }, itemGap: 18 },
      grid: grid({ right: 20, top: 36, bottom: 28 }),
      xAxis: axis(c, { type: "log", min: 1, name: "Beds after the plan", nameGap: 26 }),
      yAxis: axis(c, { type: "value", scale: true, axisLabel: { formatter: (v) => percent(v, 0) } }),
      tooltip: { ...basics(c).tooltip, formatter: (p) => p.componentType === "markLine" ? "" : hover(s.name[p.value[2]], [
        `Today ${percent(today(p.value[2]), 1)}, after ${percent(after(p.value[2]), 1)} of beds occupied`,
        `Cap ${percent(cap(p.value[2]), 1)}; ${grouped(s.after[p.value[2]])} beds after the plan`]) },
      series: [
        { name: "Today", type: "scatter", symbol: "circle", symbolSize: 6, itemStyle: { color: "transparent", borderColor: c.before, borderWidth: 1.3 },
          data: all.filter((i) => today(i) !== null).map((i) => [Math.max(1, s.after[i]), today(i), i]) },
        { name: "After the plan", type: "scatter", symbol: "diamond", symbolSize: 8, itemStyle: { color: c.after },
          data: all.map((i) => [Math.max(1, s.after[i]), after(i), i]),
          markLine: caps.length > 1 ? undefined : { silent: true, symbol: "none", lineStyle: { color: c.mark, type: "dashed", width: 2 },
            label: { formatter: `Cap ${percent(cap(all[0]), 0)}`, color: c.ink, position: "insideEndTop" }, data: [{ yAxis: cap(all[0]) }] } },
      ],
    }),
    table: () => table(["Site", "Region", "Beds now", "New beds", "Beds after", "Occupancy today", "Occupancy after", "Cap"],
      all.map((i) => [s.name[i], data.regions[s.region[i]].name, grouped(s.before[i]), grouped(s.new[i]), grouped(s.after[i]),
        percent(today(i)), percent(after(i)), percent(cap(i))])),
  }).draw();
}

function drawTravel() {
  const { width, bars, free } = data.travel;
  const total = bars[0] ? bars[0].map((_, at) => bars.reduce((sum, region) => sum + region[at], 0)) : [];
  if (!total.some((beds) => beds > 0)) return;
  let chosen = "all";
  const sum = (list) => list.reduce((a, b) => a + b, 0);
  const heights = () => (chosen === "all" ? total : bars[Number(chosen)]);
  const last = () => heights().reduce((at, beds, i) => (beds > 0 ? i : at), 0);
  const span = (i) => (i === total.length - 1 ? `${i * width} minutes or more` : `${i * width} to ${(i + 1) * width} minutes`);
  const within = () => sum(heights().filter((_, i) => (i + 1) * width <= free));
  const name = () => (chosen === "all" ? "all regions" : data.regions[Number(chosen)].name);
  const made = chart("chart-travel", {
    label: () => `Bars of occupied beds by minutes of travel, ${name()}. ${percent(over(within(), sum(heights())), 0)} of patients treated ` +
      `travel less than ${grouped(free, 0)} minutes. The table below has every figure.`,
    option: (c) => ({
      grid: grid({ right: 16, top: 30, bottom: 30 }),
      xAxis: axis(c, { type: "category", name: "Minutes one way", nameGap: 26, data: heights().slice(0, last() + 1).map((_, i) => String(i * width)),
        splitLine: { show: false }, axisTick: { alignWithLabel: false }, axisLabel: { align: "center" } }),
      yAxis: axis(c, { type: "value", name: "Occupied beds", nameLocation: "end", nameTextStyle: { color: c.soft, align: "left" } }),
      tooltip: { ...basics(c).tooltip, formatter: (p) => hover(span(p.dataIndex),
        [`${grouped(p.value)} occupied beds`, `${percent(over(p.value, sum(heights())), 1)} of those treated`]) },
      series: [{ type: "bar", barCategoryGap: "8%", data: heights().slice(0, last() + 1).map((beds, i) =>
        ({ value: beds, itemStyle: { color: (i + 1) * width <= free ? c.before : c.after } })) }],
    }),
    table: () => table(["Minutes one way", "All regions", ...data.regions.map((r) => r.name)],
      total.map((beds, i) => [span(i), grouped(beds), ...bars.map((region) => grouped(region[i]))]), "Occupied beds of patients treated."),
  });
  const box = document.querySelector("#chart-travel [data-choices]");
  box.append(...choice("Patients who live in", [["all", "All regions"], ...data.regions.map((r, i) => [String(i), r.name])], "all",
    (value) => { chosen = value; made.again(); }),
  el("span", { class: "quiet" }, `Grey: up to the ${grouped(free, 0)} minutes that count as no travel.`));
  made.draw();
}

function drawWaves() {
  const waves = data.waves;
  if (!waves || !waves.length) return;
  const lines = [["need_beds", "Need"], ["treated_beds", "Treated"], ["unmet_beds", "Left unmet"]];
  chart("chart-waves", {
    label: () => `Lines of need, treated and unmet need over ${waves.length} periods. Unmet: ` +
      `${waves.map((w) => `${w.period} ${grouped(w.unmet_beds)}`).join(", ")} occupied beds.`,
    option: (c) => ({
      legend: { top: 0, left: 0, textStyle: { color: c.ink } },
      grid: grid({ right: 24, top: 40, bottom: 8 }),
      xAxis: axis(c, { type: "category", data: waves.map((w) => w.period), splitLine: { show: false } }),
      yAxis: axis(c, { type: "value", name: "Occupied beds", nameLocation: "end", nameTextStyle: { color: c.soft, align: "left" } }),
      tooltip: { ...basics(c).tooltip, formatter: (p) => hover(`${p.seriesName}, ${p.name}`, [`${grouped(p.value)} occupied beds`]) },
      series: lines.map(([key, name], at) => ({ name, type: "line", symbol: ["circle", "rect", "diamond"][at], symbolSize: 9,
        lineStyle: { width: 3, type: ["solid", "dashed", "solid"][at], color: [c.before, c.after, c.mark][at] },
        itemStyle: { color: [c.before, c.after, c.mark][at] }, data: waves.map((w) => w[key]) })),
    }),
    table: () => table(["Period", "Probability", "Beds before", "New beds", "Beds after", "Need", "Treated", "Released", "Unmet", "Share"],
      waves.map((w) => [w.period, grouped(w.probability, 2), ...["beds_before", "new_beds", "beds_after", "need_beds", "treated_beds",
        "released_beds", "unmet_beds"].map((key) => grouped(w[key])), percent(w.unmet_share)]), "Beds and occupied beds."),
  }).draw();
}
