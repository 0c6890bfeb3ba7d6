// The map of a comparison: what one result does otherwise than the first.

function startComparedMap() {
  const { results, map } = data.comparison;
  if (!map || results.length < 2) return;
  const usable = map.layers.filter((layer) => layer.shapes.length);
  usable.forEach((layer) => echarts.registerMap(layer.name, geojson(layer)));
  const places = (name) => map.places[name] || [];
  const shaded = usable.map((layer) => layer.name).filter((name) => { const codes = new Set(usable.find((l) => l.name === name).shapes.map((s) => s.code)); return places(name).some((p) => codes.has(p.id)); });
  const layers = [...shaded, ...(places("areas").length ? ["areas"] : [])];
  if (!map.sites.length && !layers.length) return;
  const background = usable.length ? (usable.find((layer) => layer.name === "regions") || usable[0]).name : "frame";
  if (!usable.length) echarts.registerMap("frame", frameAround([...map.sites.map((s) => [s.x, s.y]), ...places("areas").map((p) => p.at)]));
  let other = 1, layer = shaded.includes("commissioners") ? "commissioners" : layers[0];
  const view = { zoom: 1, center: undefined };
  const share = (p, at) => (p.need[at] === null ? null : over(p.unmet[at], p.need[at]));
  const apart = (p) => { const [a, b] = [share(p, 0), share(p, other)]; return a === null || b === null ? null : b - a; };
  const gained = (s) => (s.after[0] === null && s.after[other] === null ? null : (s.after[other] || 0) - (s.after[0] || 0));
  const points = (v) => `${signed(100 * v, 2)} points`;
  const shown = () => places(layer).filter((p) => apart(p) !== null);
  const moved = () => map.sites.map((s, i) => [s, i]).filter(([s]) => Math.abs(gained(s) || 0) >= 0.05).sort((a, b) => Math.abs(gained(b[0])) - Math.abs(gained(a[0])));
  const largest = () => Math.max(1, ...moved().map(([s]) => Math.abs(gained(s))));
  const size = (s) => Math.max(4, 34 * Math.sqrt(Math.abs(gained(s)) / largest()));
  // Of many places a few are extreme: the scale ends where all but one in fifty are.
  const scale = () => { const sizes = shown().map((p) => Math.abs(apart(p))).sort((a, b) => a - b); const many = sizes.length > 60;
    return { many, high: Math.max(1e-4, sizes.length ? sizes[many ? Math.floor(sizes.length * 0.98) : sizes.length - 1] : 0) }; };
  const said = (p) => [`${points(apart(p))} of need left unmet`, `${percent(share(p, 0))} in the first, ${percent(share(p, other))} here`];
  const bedsOf = (s) => [`${signed(gained(s))} beds`, `${grouped(s.after[0])} in the first, ${grouped(s.after[other])} here (today ${grouped(s.before)})`];
  const made = chart("compared-map", {
    renderer: "canvas",
    begun: (map) => map.on("georoam", () => {
      const option = map.getOption().geo[0];
      view.zoom = option.zoom; view.center = option.center;
    }),
    height: () => (onPaper ? 560 : null),
    label: () => `Map of the difference between ${results[other]} and ${results[0]}: beds of hospital sites and the share of need left unmet. ` +
      (moved().length ? `Largest differences of beds: ${moved().slice(0, 5).map(([s]) => `${s.name} ${signed(gained(s))}`).join(", ")}. ` : "Every site has the same beds. ") +
      "The tables below have every place.",
    option: (c, width, height) => {
      const dots = layer === "areas", { many, high } = scale();
      return {
        geo: { map: dots || !layer ? background : layer, roam: true, ...inShape(width, height), zoom: view.zoom, center: view.center,
          scaleLimit: { min: 1, max: 24 }, label: { show: false }, itemStyle: { areaColor: c.none, borderColor: c.paper, borderWidth: 0.8 },
          emphasis: { label: { show: false }, itemStyle: { areaColor: dots ? c.none : undefined, borderColor: c.mark, borderWidth: 2 } }, select: { disabled: true } },
        visualMap: { show: shown().length > 0, seriesIndex: 0, min: -high, max: high, dimension: dots ? 2 : undefined, calculable: false, orient: "horizontal",
          left: 10, bottom: 6, ...scaleOf(c, width), inRange: { color: [c.better2, c.better1, c.same, c.worse1, c.worse2] },
          text: [points(high) + (many ? " or more" : ""), points(-high)] },
        tooltip: { ...basics(c).tooltip, formatter: (p) => {
          if (p.seriesIndex === 1) return hover(map.sites[p.value[2]].name, bedsOf(map.sites[p.value[2]]));
          const place = dots ? shown()[p.value && p.value[3]] : places(layer).find((one) => one.id === p.name);
          return place && apart(place) !== null ? hover(place.name, said(place)) : "";
        } },
        series: [
          dots ? { type: "scatter", coordinateSystem: "geo", symbolSize: 4, progressive: 0, z: 2, data: shown().map((p, i) => [p.at[0] / 10, p.at[1] / 10, apart(p), i]) }
            : { type: "map", map: layer || background, geoIndex: 0, data: shown().map((p) => ({ name: p.id, value: apart(p) })) },
          { type: "scatter", coordinateSystem: "geo", z: 5, data: moved().map(([s, i]) => ({ value: [s.x / 10, s.y / 10, i], symbolSize: size(s),
            symbol: gained(s) < 0 ? "triangle" : "circle",
            itemStyle: gained(s) < 0 ? { color: "transparent", borderColor: c.ink, borderWidth: 1.6 } : { color: c.ink, opacity: 0.62, borderColor: c.paper, borderWidth: 0.8 } })) },
        ],
      };
    },
    table: () => table(["Site", "Region", "Beds today", ...results.map((name, i) => `Beds after: ${numbered(name, i)}`), "Difference"],
      map.sites.filter((s) => gained(s) !== null).sort((a, b) => Math.abs(gained(b)) - Math.abs(gained(a)))
        .map((s) => [s.name, s.region, grouped(s.before), ...s.after.map((beds) => grouped(beds)), signed(gained(s))]),
      `Beds after each plan; the difference is that of ${numbered(results[other], other)} less ${numbered(results[0], 0)}.`),
  });
  const refill = tableBehind(document.querySelector("#compared-map details[data-shading]"), () => table(
    ["Place", ...results.map((name, i) => `Unmet share: ${numbered(name, i)}`), "Difference"],
    // A table of thousands of dots is no help: their councils are told instead.
    places(layer === "areas" ? "councils" : layer).map((p) => [p.name, ...results.map((_, i) => percent(share(p, i))), apart(p) === null ? DASH : points(apart(p))]),
    "Share of need left unmet; the difference in percentage points."));
  const words = () => {
    document.getElementById("compared-words").textContent = `${numbered(results[other], other)} less ${numbered(results[0], 0)}. Shading: the share of need left unmet; blue where less is left than in the first, ` +
      `orange where more. Discs: sites with more beds than in the first, hollow triangles: with fewer, by their area${moved().length ? ` (the largest: ${signed(gained(moved()[0][0]))} at ${moved()[0][0].name})` : ""}. British National Grid.`;
  };
  const again = () => { made.again(); refill(); words(); };
  document.getElementById("compared-choices").append(
    ...choice("Result, less the first", results.map((name, i) => [String(i), numbered(name, i)]).slice(1), "1", (value) => { other = Number(value); again(); }),
    ...(layers.length ? choice("Places", layers.map((name) => [name, LAYER_NAMES[name] || name]), layer, (value) => { layer = value; again(); }) : []));
  zoomButtons("compared-buttons", made, view);
  words();
  made.draw();
}
