// What each number of new beds is worth to a region, where that has been worked out.

function drawCurves() {
  const { regions, group, unit } = data.curves;
  if (!regions.length) return;
  const groups = regions.some((r) => r.worst.some((v) => v !== null));
  const WHAT = {
    worst: { name: `Worst-off ${group}: share unmet`, lines: [["worst", `Worst-off ${group}`]], show: (v) => percent(v), short: "of need unmet" },
    own: { name: "The region's own people: need unmet", lines: [["least", "Least"], ["most", "Most"]], show: (v) => grouped(v), short: "occupied beds" },
    england: { name: "All regions: need unmet", lines: [["england", "All regions"]], show: (v) => grouped(v), short: unit },
  };
  if (!groups) delete WHAT.worst;
  let at = 0, chosen = Object.keys(WHAT)[0];
  const curve = () => regions[at], what = () => WHAT[chosen];
  const name = (r) => data.regions[r.region].name;
  const values = () => what().lines.flatMap(([key]) => curve()[key]).filter((v) => v !== null);
  const flat = () => Math.max(...values()) - Math.min(...values()) <= 1e-6 * Math.max(1e-3, Math.abs(values()[0]));
  // Room above and below, so that a line that hardly moves looks it.
  const room = () => {
    const [low, high] = [Math.min(...values()), Math.max(...values())];
    const by = Math.max(0.2 * (high - low), 0.03 * Math.abs(high), 1e-4);
    return [Math.max(0, low - by), high + by];
  };
  const told = () => what().lines.map(([key, line]) => {
    const of = curve()[key], here = curve().plan;
    const start = `${what().lines.length > 1 ? line.toLowerCase() + " " : ""}${what().show(of[0])} with ${grouped(curve().beds[0])} beds`;
    return `${start}, ${here === null ? "" : `${what().show(of[here])} with the plan's ${grouped(curve().beds[here])}, `}` +
      `${what().show(of[of.length - 1])} with ${grouped(curve().beds[of.length - 1])}`;
  }).join("; ");
  const made = chart("chart-curves", {
    label: () => `Lines of ${what().name.toLowerCase()} against the new beds of ${name(curve())}: ${told()}. The table below has every breakpoint.`,
    option: (c, width) => ({
      legend: what().lines.length > 1 ? { top: 0, left: 0, textStyle: { color: c.ink }, itemGap: 18 } : { show: false },
      grid: grid({ right: 26, top: what().lines.length > 1 ? 52 : 30, bottom: 30 }),
      xAxis: axis(c, { type: "value", name: `New beds of ${name(curve())}`, nameGap: 26, min: curve().beds[0], max: curve().beds[curve().beds.length - 1],
        splitNumber: width < 500 ? 3 : 5, axisLabel: { formatter: (v) => grouped(v, 0) } }),
      yAxis: axis(c, { type: "value", min: room()[0], max: room()[1], axisLabel: { showMinLabel: false, showMaxLabel: false, formatter: (v) => what().show(v) } }),
      tooltip: { ...basics(c).tooltip, formatter: (p) => (p.componentType === "markLine" ? "" : hover(`${name(curve())}: ${grouped(p.value[0])} new beds`,
        what().lines.map(([key, line]) => `${what().lines.length > 1 ? line + ": " : ""}${what().show(curve()[key][p.dataIndex])} ${what().short}`))) },
      series: what().lines.map(([key, line], n) => ({ name: line, type: "line", symbol: n ? "diamond" : "circle", symbolSize: 8,
        lineStyle: { width: 3, type: n ? "dashed" : "solid", color: n ? c.mark : c.after }, itemStyle: { color: n ? c.mark : c.after },
        data: curve().beds.map((beds, i) => [beds, curve()[key][i]]),
        markLine: n || curve().plan === null ? undefined : { silent: true, symbol: "none", lineStyle: { color: c.ink, type: "dotted", width: 2 },
          label: { color: c.ink, formatter: `Plan: ${grouped(curve().beds[curve().plan])}`, position: "end" }, data: [{ xAxis: curve().beds[curve().plan] }] } })),
    }),
    after: () => { document.getElementById("curves-words").textContent = (flat() ? `For ${name(curve())} this is the same whatever number of beds it gets. ` : "") +
      (data.period === null ? "" : "Unmet need and shares are those of all waves, added up."); },
    table: () => table(["New beds", "", `All regions: unmet, ${unit}`, ...(groups ? [`Worst-off ${group}: share unmet`] : []), "Its own people: unmet, least", "most"],
      curve().beds.map((beds, i) => [grouped(beds), i === curve().plan ? "the plan" : i === 0 || i === curve().beds.length - 1 ? "an end" : "a bend",
        grouped(curve().england[i]), ...(groups ? [percent(curve().worst[i])] : []), grouped(curve().least[i]), grouped(curve().most[i])]),
      `${name(curve())}. Between two rows everything is straight. Unmet need of its own people in occupied beds, in plans as good as can be for all regions and the worst-off ${group}.`),
  });
  document.querySelector("#chart-curves [data-choices]").append(
    ...choice("Beds of", regions.map((r, i) => [String(i), name(r)]), "0", (value) => { at = Number(value); made.again(); }),
    ...choice("What they change", Object.entries(WHAT).map(([key, w]) => [key, w.name]), chosen, (value) => { chosen = value; made.again(); }),
    el("span", { class: "quiet", id: "curves-words", role: "status" }));
  made.draw();
}
