// Charts: drawn by ECharts in the page's colours, light or dark, and again when paper, window or choice change.
const drawn = [];
let onPaper = false;
// While the page is laid out charts are only placed: what is drawn before all are there has the wrong width.
let placing = false;

/** The page's colours as they are now. */
function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue("--" + name).trim();
  const names = ["paper", "panel", "ink", "soft", "line", "accent", "before", "after", "mark", "none",
    "shade0", "shade1", "shade2", "shade3", "shade4", "better2", "better1", "same", "worse1", "worse2"];
  return Object.fromEntries(names.map((name) => [name, of(name)]));
}

/** What a reader sees when the pointer is on a mark: a heading and lines, as text. */
function hover(heading, lines) {
  return el("div", { class: "hover" }, el("strong", {}, heading), ...lines.map((line) => el("div", {}, line)));
}

/** What all charts share. */
function basics(c) {
  return {
    animation: false,
    textStyle: { fontFamily: "system-ui, 'Segoe UI', 'Liberation Sans', Arial, sans-serif", color: c.ink, fontSize: 13 },
    tooltip: { confine: true, backgroundColor: c.paper, borderColor: c.soft, textStyle: { color: c.ink } },
  };
}

/** An axis in the page's colours. */
function axis(c, more) {
  return {
    axisLine: { lineStyle: { color: c.soft } }, axisTick: { lineStyle: { color: c.soft } }, splitLine: { lineStyle: { color: c.line } },
    nameTextStyle: { color: c.soft }, nameLocation: "middle", ...more,
    axisLabel: { color: c.ink, hideOverlap: more.type === "value", ...more.axisLabel },
  };
}

/**
 * Draws a chart into a figure of the page. `spec.option(colours, width, height)` is what ECharts draws, `spec.label()` its
 * text for people who cannot see it, `spec.table()` the table behind it, `spec.height(width)` how high it is,
 * `spec.begun(view)` is called for each view that is made. On paper all are drawn as vectors.
 */
function chart(id, spec) {
  const box = document.getElementById(id);
  box.hidden = false;
  const place = box.querySelector("[data-chart]");
  const details = box.querySelector("details[data-table]");
  const refill = spec.table ? tableBehind(details, spec.table) : () => {};
  const made = { place, spec, view: null };
  made.draw = () => {
    if (placing) return;
    const width = onPaper ? 680 : place.clientWidth;
    if (!width) return;
    const high = spec.height ? spec.height(width) : null;
    if (high && !onPaper) place.style.height = high + "px";
    const renderer = onPaper ? "svg" : spec.renderer || "svg";
    if (made.view && made.renderer !== renderer) { made.view.dispose(); made.view = null; }
    if (!made.view) {
      made.view = echarts.init(place, null, { renderer });
      made.renderer = renderer;
      if (spec.begun) spec.begun(made.view);
    }
    made.view.resize(onPaper ? { width, height: high || 320 } : {});
    made.view.setOption({ ...basics(colours()), ...spec.option(colours(), width, made.view.getHeight()) }, true);
    place.setAttribute("aria-label", spec.label());
    if (spec.after) spec.after(made.view);
  };
  made.again = () => { made.draw(); refill(); };
  drawn.push(made);
  return made;
}

/** The frame of a chart with axes: their names and labels stay within it. */
const grid = (more) => ({ left: 4, right: 16, top: 8, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "all", ...more });

/** Places charts, then draws them one by one, so that the page stays quick to answer. */
function drawAll(charts, done) {
  placing = true;
  charts.forEach((place) => place());
  placing = false;
  const waiting = drawn.filter((one) => !one.view);
  const next = () => {
    const one = waiting.shift();
    if (!one) { done(); return; }
    one.draw();
    setTimeout(next, 0);
  };
  next();
}

/** Draws again when the window, its colours or the medium change. */
function keepDrawn() {
  const all = () => drawn.forEach((one) => one.draw());
  let waiting = 0;
  addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(all, 120); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
  // On paper nobody can open the small print.
  const small = [...document.querySelectorAll("#small-print details")];
  whenOnPaper((is) => {
    onPaper = is;
    small.forEach((details) => {
      if (is) details.dataset.was = details.open;
      details.open = is || details.dataset.was === "true";
    });
    all();
  });
}
