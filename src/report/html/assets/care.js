// Councils' money, and prices.

function drawCare() {
  const care = data.care;
  if (!care) return;
  const MILLION = 1e6;
  let chosen = "all";
  const councils = () => (chosen === "all" ? care.councils : care.councils.filter((c) => c.council === Number(chosen)));
  const sum = (service, at) => councils().reduce((total, c) => total + ((c.spend[service] || [])[at] || 0), 0) / MILLION;
  const services = care.services.map((name, i) => ({ name: name[0].toUpperCase() + name.slice(1), i }));
  const label = () => (chosen === "all" ? "all councils" : data.councils[Number(chosen)].name);
  const made = chart("chart-care", {
    height: () => 110 + 62 * services.length,
    label: () => `Bars of social-care spend by service before and after the plan, with floors, ${label()}: ` +
      services.map((s) => `${s.name} £${grouped(sum(s.i, 0))} million, then £${grouped(sum(s.i, 2))} million`).join("; ") + ".",
    option: (c, width) => ({
      legend: { top: 0, left: 0, textStyle: { color: c.ink }, itemGap: 18 },
      grid: grid({ right: 70, top: 34, bottom: 8 }),
      xAxis: axis(c, { type: "value", splitNumber: width < 500 ? 2 : 5, axisLabel: { formatter: (v) => "£" + grouped(v, v < 10 && v % 1 ? 1 : 0) + "m" } }),
      yAxis: axis(c, { type: "category", inverse: true, data: services.map((s) => s.name), splitLine: { show: false },
        axisLabel: { width: 130, overflow: "break", lineHeight: 15 } }),
      tooltip: { ...basics(c).tooltip, formatter: (p) => hover(services[p.dataIndex].name, [
        `Before £${grouped(sum(p.dataIndex, 0), 2)} million`, `After £${grouped(sum(p.dataIndex, 2), 2)} million`,
        `Floor £${grouped(sum(p.dataIndex, 1), 2)} million`]) },
      series: [
        { name: "Before", type: "bar", barWidth: 15, itemStyle: { color: c.before }, data: services.map((s) => sum(s.i, 0)) },
        { name: "After the plan", type: "bar", barWidth: 15, itemStyle: { color: c.after }, data: services.map((s) => sum(s.i, 2)),
          label: { show: true, position: "right", color: c.ink, formatter: (p) => signed(p.value - sum(p.dataIndex, 0)) } },
        { name: "Floor", type: "scatter", symbol: "rect", symbolSize: [4, 40], itemStyle: { color: c.mark }, data: services.map((s) => sum(s.i, 1)) },
      ],
    }),
    table: () => table(["Council", "Received, £m", "Beds freed", ...services.flatMap((s) => [`${s.name}: before, £m`, "after, £m", "floor, £m"])],
      care.councils.map((c) => [data.councils[c.council].name, grouped(c.received / MILLION, 2), grouped(c.released, 2),
        ...services.flatMap((s) => [0, 2, 1].map((at) => grouped(c.spend[s.i] && c.spend[s.i][at] !== null ? c.spend[s.i][at] / MILLION : null, 2)))])),
  });
  const named = care.councils.map((c) => [String(c.council), data.councils[c.council].name]).sort((a, b) => a[1].localeCompare(b[1]));
  document.querySelector("#chart-care [data-choices]").append(
    ...choice("Council", [["all", "All councils"], ...named], "all", (value) => { chosen = value; made.again(); }),
    el("span", { class: "quiet" }, "Behind each bar: the change, £ million a year."));
  made.draw();
  drawReleased(care);
}

function drawReleased(care) {
  const rows = care.councils.map((c) => ({ name: data.councils[c.council].name, released: c.released, received: c.received }))
    .filter((row) => row.released > 0).sort((a, b) => b.released - a.released);
  if (!rows.length) return;
  const shown = rows.slice(0, 20);
  chart("chart-released", {
    height: () => 50 + 24 * shown.length,
    label: () => `Bars of hospital beds freed by social care, the ${shown.length} councils with the most: first ${shown[0].name}, ` +
      `${grouped(shown[0].released)} occupied beds. The table below has every council.`,
    option: (c) => ({
      grid: grid({ right: 48, top: 4, bottom: 8 }),
      xAxis: axis(c, { type: "value" }),
      yAxis: axis(c, { type: "category", inverse: true, data: shown.map((r) => r.name), splitLine: { show: false }, axisLabel: { interval: 0, width: 170, overflow: "truncate" } }),
      tooltip: { ...basics(c).tooltip, formatter: (p) => hover(shown[p.dataIndex].name, [`${grouped(shown[p.dataIndex].released, 2)} occupied beds freed`,
        `£${grouped(shown[p.dataIndex].received / 1e6, 2)} million a year from the pooled fund`]) },
      series: [{ type: "bar", itemStyle: { color: c.after }, data: shown.map((r) => r.released),
        label: { show: true, position: "right", color: c.ink, formatter: (p) => grouped(p.value) } }],
    }),
    table: () => table(["Council", "Occupied beds freed", "Received from the pooled fund, £m a year"],
      rows.map((r) => [r.name, grouped(r.released, 2), grouped(r.received / 1e6, 2)])),
  }).draw();
}

function drawPrices() {
  const levels = data.prices.filter((level) => level.groups.length);
  if (!levels.length) return;
  let chosen = levels[0].level;
  const level = () => levels.find((one) => one.level === chosen);
  const words = (g) => (g.count > 1 ? `${g.words} (and ${grouped(g.count - 1, 0)} more)` : g.words);
  const room = (width) => (width < 500 ? 1.7 : 1.25);
  const made = chart("chart-prices", {
    height: () => 60 + 30 * level().groups.length,
    label: () => `Bars of the largest prices for the aim ${aim(chosen)}: first ${words(level().groups[0])}, ` +
      `${priced(level().groups[0].price)} ${level().groups[0].unit}. The table below has the others.`,
    option: (c, width) => ({
      grid: grid({ right: 8, top: 4, bottom: 8 }),
      // Room beyond the longest bars for their figures; the ends of the axis are no round numbers, so they are not told.
      xAxis: axis(c, { type: "value", splitNumber: width < 500 ? 2 : 5, min: (v) => Math.min(0, v.min * room(width)), max: (v) => Math.max(0, v.max * room(width)),
        axisLabel: { formatter: priced, showMinLabel: level().groups.every((g) => g.price > 0), showMaxLabel: level().groups.every((g) => g.price < 0) } }),
      yAxis: axis(c, { type: "category", inverse: true, data: level().groups.map(words), splitLine: { show: false },
        axisLabel: { interval: 0, width: width < 500 ? 150 : 270, overflow: "break", lineHeight: 13, fontSize: 11.5 } }),
      tooltip: { ...basics(c).tooltip, formatter: (p) => hover(words(level().groups[p.dataIndex]),
        [`${priced(p.value)} ${level().groups[p.dataIndex].unit}`]) },
      series: [{ type: "bar", data: level().groups.map((g) => ({ value: g.price, itemStyle: { color: g.price < 0 ? c.after : c.mark },
        label: { position: g.price < 0 ? "left" : "right" } })),
      label: { show: true, color: c.ink, formatter: (p) => priced(p.value) } }],
    }),
    table: () => el("div", {},
      table(["Limit", "How many", "Price", "Unit"], level().groups.map((g) => [g.words, grouped(g.count, 0), priced(g.price), g.unit]),
        `The largest prices of the aim: ${aim(chosen)}.`),
      table(["Kind of limit", "How many with a price", "Least", "Most", "Unit"],
        level().kinds.map((k) => [k.kind, grouped(k.count, 0), priced(k.least), priced(k.most), k.unit]), "Every kind of limit.")),
  });
  document.querySelector("#chart-prices [data-choices]").append(
    ...choice("Aim", levels.map((one) => [one.level, aim(one.level)]), chosen, (value) => { chosen = value; made.again(); }),
    el("span", { class: "quiet" }, "Below zero: easing the limit makes things better."));
  made.draw();
}
