// The map: outlines on the national grid, shaded; sites as circles by beds gained.
const shading = { layer: null, measure: "unmet" };
let mapChart = null, picked = null;

const MEASURES = {
  unmet: { name: "Share of need unmet", of: (p) => over(p.unmet, p.need), show: (v) => percent(v), unit: "of need unmet", short: "of need unmet" },
  minutes: { name: "Minutes of travel", of: (p) => p.minutes, show: (v) => grouped(v), unit: "minutes one way, mean of those treated", short: "minutes" },
  released: { name: "Beds freed by social care, share of need", of: (p) => over(p.released, p.need), show: (v) => percent(v), unit: "of need freed by social care", short: "of need freed" },
};
const LAYER_NAMES = { regions: "Regions", commissioners: "Commissioners", councils: "Councils", areas: "Small areas (dots)" };
const LAYER_KIND = { regions: "region", commissioners: "commissioner", councils: "council" };

/** Places of a layer with their figures. */
const placesOf = (layer) => ({ regions: data.regions, commissioners: data.commissioners, councils: data.councils })[layer] || [];

/** Rings of steps to GeoJSON, in kilometres of the national grid. */
function geojson(layer) {
  const ring = (steps) => {
    const points = [];
    let x = 0, y = 0;
    for (let i = 0; i < steps.length; i += 2) points.push([(x += steps[i]) / 10, (y += steps[i + 1]) / 10]);
    points.push(points[0]);
    return points;
  };
  return { type: "FeatureCollection", features: layer.shapes.map((shape) => ({
    type: "Feature", properties: { name: shape.code },
    geometry: { type: "MultiPolygon", coordinates: shape.parts.map((part) => part.map(ring)) } })) };
}

/** A frame around points in hundreds of metres, for data without outlines. */
function frameAround(points) {
  const xs = points.map((p) => p[0] / 10), ys = points.map((p) => p[1] / 10);
  const [left, right, low, high] = [Math.min(...xs) - 5, Math.max(...xs) + 5, Math.min(...ys) - 5, Math.max(...ys) + 5];
  return { type: "FeatureCollection", features: [{ type: "Feature", properties: { name: "frame" },
    geometry: { type: "Polygon", coordinates: [[[left, low], [right, low], [right, high], [left, high], [left, low]]] } }] };
}

function registerLayers() {
  const usable = data.layers.filter((layer) => layer.shapes.length);
  usable.forEach((layer) => echarts.registerMap(layer.name, geojson(layer)));
  const at = (of) => of.x.map((x, i) => [x, of.y[i]]);
  echarts.registerMap("frame", frameAround([...at(data.sites), ...at(data.areas)]));
  const shaded = usable.filter((layer) => placesOf(layer.name).some((p) => layer.shapes.some((shape) => shape.code === p.id)));
  return { shaded: shaded.map((layer) => layer.name), background: usable.length ? (usable.find((l) => l.name === "regions") || usable[0]).name : "frame" };
}

/** Where a map stands above its scale, as wide for its height as the country is. */
const inShape = (width, height) => ({ aspectScale: 1, layoutCenter: [width / 2, (height - 60) / 2], layoutSize: Math.max(100, Math.min(width - 12, height - 72)) });

/** The scale of a map, short enough for a telephone. */
const scaleOf = (c, width) => ({ itemHeight: width < 500 ? 60 : 130, itemWidth: 14, textStyle: { color: c.ink, fontSize: width < 500 ? 11 : 12 } });

const gain = (i) => data.sites.after[i] - data.sites.before[i];

function mapOption(c, background, width, height) {
  const measure = MEASURES[shading.measure], dots = shading.layer === "areas";
  const geo = dots || !shading.layer ? background : shading.layer;
  const places = dots ? [] : placesOf(shading.layer).filter((p) => measure.of(p) !== null);
  const a = data.areas;
  const area = (i) => ({ need: a.need[i], unmet: a.unmet[i], released: a.released[i], minutes: a.minutes[i] });
  const spots = dots ? a.id.map((_, i) => [a.x[i] / 10, a.y[i] / 10, measure.of(area(i)), i]).filter((s) => s[2] !== null) : [];
  const values = (dots ? spots.map((s) => s[2]) : places.map((p) => measure.of(p))).sort((x, y) => x - y);
  // Of many places a few are extreme: the scale ends where all but one in fifty are.
  const many = values.length > 60;
  const high = values.length ? values[many ? Math.floor(values.length * 0.98) : values.length - 1] : 1;
  const low = shading.measure === "minutes" && values.length ? values[0] : 0;
  const sites = data.sites;
  const largest = Math.max(1, ...sites.id.map((_, i) => Math.abs(gain(i))));
  const size = (i) => Math.max(3.5, 34 * Math.sqrt(Math.abs(gain(i)) / largest));
  const circles = sites.id.map((_, i) => i).filter((i) => Math.abs(gain(i)) >= 0.05).sort((i, j) => size(j) - size(i));
  const code = (kind, id) => picked === `${kind}:${id}`;
  return {
    geo: { map: geo, roam: true, ...inShape(width, height), zoom: mapZoom.zoom, center: mapZoom.center,
      scaleLimit: { min: 1, max: 24 }, label: { show: false }, itemStyle: { areaColor: c.none, borderColor: c.paper, borderWidth: 0.8 },
      emphasis: { label: { show: false }, itemStyle: { areaColor: dots ? c.none : undefined, borderColor: c.mark, borderWidth: 2 } }, select: { disabled: true } },
    visualMap: { show: values.length > 0, seriesIndex: 0, min: low, max: Math.max(high, low + 1e-9), dimension: dots ? 2 : undefined, calculable: false, orient: "horizontal",
      left: 10, bottom: 6, ...scaleOf(c, width),
      text: [measure.show(high) + (many ? " or more " : " ") + measure.short, measure.show(low)], inRange: { color: [c.shade0, c.shade1, c.shade2, c.shade3, c.shade4] } },
    tooltip: { ...basics(c).tooltip, formatter: mapHover },
    series: [
      dots ? { type: "scatter", coordinateSystem: "geo", symbolSize: 4, data: spots, progressive: 0, z: 2 }
        : { type: "map", map: geo, geoIndex: 0, data: places.map((p) => ({ name: p.id, value: measure.of(p),
          itemStyle: code(LAYER_KIND[shading.layer], p.id) ? { borderColor: c.mark, borderWidth: 3 } : undefined })) },
      { type: "scatter", coordinateSystem: "geo", z: 5, data: circles.map((i) => ({ value: [sites.x[i] / 10, sites.y[i] / 10, i], symbolSize: size(i),
        symbol: gain(i) < 0 ? "triangle" : "circle",
        itemStyle: { color: gain(i) < 0 ? "rgba(120,120,120,.75)" : "rgba(224,122,31,.72)", borderColor: code("site", sites.id[i]) ? c.ink : "#5c2a00", borderWidth: code("site", sites.id[i]) ? 3 : 0.8 } })) },
      { type: "scatter", coordinateSystem: "geo", z: 7, silent: true, symbol: "pin", symbolSize: 34, itemStyle: { color: c.mark, borderColor: c.paper, borderWidth: 1 }, data: pin() },
    ],
  };
}

const mapZoom = { zoom: 1, center: undefined };

/** A pin on a site or area that was opened. */
function pin() {
  if (!picked) return [];
  const [kind, id] = [picked.slice(0, picked.indexOf(":")), picked.slice(picked.indexOf(":") + 1)];
  const of = kind === "site" ? data.sites : kind === "area" ? data.areas : null;
  if (!of) return [];
  const i = position(kind, id);
  return [[of.x[i] / 10, of.y[i] / 10]];
}

function mapHover(p) {
  const measure = MEASURES[shading.measure];
  if (p.seriesIndex === 1) {
    const i = p.value[2];
    return hover(data.sites.name[i], [`${signed(gain(i))} beds: ${grouped(data.sites.before[i])} now, ${grouped(data.sites.after[i])} after`,
      `Occupied after: ${percent(over(data.sites.occupied[i], data.sites.after[i]), 1)} (today ${percent(over(data.sites.today[i], data.sites.before[i]), 1)})`]);
  }
  if (p.seriesIndex === 0 && shading.layer === "areas") return hover(data.areas.name[p.value[3]], [`${measure.show(p.value[2])} ${measure.unit}`]);
  const place = placesOf(shading.layer).find((one) => one.id === p.name);
  return place ? hover(place.name, [`${measure.show(measure.of(place))} ${measure.unit}`, `Need ${grouped(place.need)} occupied beds`]) : "";
}

function mapClick(p) {
  if (p.seriesIndex === 1) openPlace("site", data.sites.id[p.value[2]], false);
  else if (p.seriesIndex === 0 && shading.layer === "areas") openPlace("area", data.areas.id[p.value[3]], false);
  else if (LAYER_KIND[shading.layer] && p.name) openPlace(LAYER_KIND[shading.layer], p.name, false);
}

/** Marks a place on the map. */
function showOnMap(kind, id) {
  picked = `${kind}:${id}`;
  if (mapChart && mapChart.view) mapChart.draw();
}

function describeMap() {
  const winners = data.sites.id.map((_, i) => i).sort((i, j) => gain(j) - gain(i)).slice(0, 5).filter((i) => gain(i) >= 0.05);
  const most = winners.map((i) => `${data.sites.name[i]} ${signed(gain(i))}`).join(", ");
  return `Map shaded by ${MEASURES[shading.measure].name.toLowerCase()}, with a circle at each hospital site that gains beds, its area by beds gained. ` +
    (most ? `Largest gains: ${most}. ` : "No site gains beds. ") + "Use the search box or the tables for every place.";
}

// Buttons that do what the wheel does; `zoom` is kept when the map is drawn again.
function zoomButtons(id, map, zoom) {
  const button = (by, words) => el("button", { type: "button", onclick: () => {
    const option = map.view.getOption().geo[0];
    zoom.zoom = by ? Math.min(24, Math.max(1, (option.zoom || 1) * by)) : 1;
    zoom.center = by ? option.center : undefined;
    map.draw();
  } }, words);
  document.getElementById(id).append(button(1.6, "Zoom in"), button(1 / 1.6, "Zoom out"), button(0, "Whole map"));
}

function startMap() {
  const { shaded, background } = registerLayers();
  const layers = [...shaded, ...(data.areas.id.length ? ["areas"] : [])];
  shading.layer = shaded.includes("commissioners") ? "commissioners" : layers[0];
  mapChart = chart("map-box", {
    renderer: "canvas",
    height: () => (onPaper ? 560 : null),
    label: describeMap,
    begun: (view) => {
      view.on("click", mapClick);
      view.on("georoam", () => {
        const option = view.getOption().geo[0];
        mapZoom.zoom = option.zoom; mapZoom.center = option.center;
      });
    },
    option: (c, width, height) => mapOption(c, background, width, height),
    table: () => table(["Site", "Region", "Trust", "Beds now", "New beds", "Beds after", "Change"],
      data.sites.id.map((_, i) => i).sort((i, j) => gain(j) - gain(i)).map((i) => [data.sites.name[i], data.regions[data.sites.region[i]].name,
        data.trusts[data.sites.trust[i]][1] || data.trusts[data.sites.trust[i]][0], grouped(data.sites.before[i]), grouped(data.sites.new[i]), grouped(data.sites.after[i]), signed(gain(i))])),
  });
  const refill = tableBehind(document.querySelector("#map-box details[data-shading]"), () => {
    const rows = placesOf(shading.layer === "areas" ? "councils" : shading.layer);
    return table(["Place", "Need", "Unmet", "Share", "Freed by social care", "Minutes"],
      rows.map((p) => [p.name, grouped(p.need), grouped(p.unmet), percent(over(p.unmet, p.need)), grouped(p.released), grouped(p.minutes)]),
      "Occupied beds; minutes one way, mean of those treated.");
  });
  const words = () => {
    const largest = data.sites.id.map((_, i) => i).reduce((a, b) => (gain(b) > gain(a) ? b : a), 0);
    document.getElementById("map-words").textContent =
      `Shading: ${MEASURES[shading.measure].name.toLowerCase()}, after the plan. Circles: beds gained by each hospital site, by area of the circle (the largest: ${signed(gain(largest))} at ${data.sites.name[largest]})` +
      (data.sites.id.some((_, i) => gain(i) <= -0.05) ? "; grey triangles lose beds. " : ". ") + "Click a place to read its page. British National Grid.";
  };
  const again = () => { mapChart.again(); refill(); words(); };
  document.getElementById("map-choices").append(
    ...choice("Shade by", Object.entries(MEASURES).map(([key, m]) => [key, m.name]), "unmet", (value) => { shading.measure = value; again(); }),
    ...choice("Places", layers.map((name) => [name, LAYER_NAMES[name] || name]), shading.layer, (value) => { shading.layer = value; again(); }));
  zoomButtons("map-buttons", mapChart, mapZoom);
  mapChart.draw();
  words();
}
