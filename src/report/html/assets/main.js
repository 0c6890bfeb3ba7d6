// Starts the page: what is seen first is drawn first.

/** Opens the place that the address names, or else the nation. */
function placeOfAddress() {
  const named = location.hash.match(/^#place=(.*)$/);
  if (!named) return null;
  let text = "";
  try { text = decodeURIComponent(named[1]); } catch { return null; }
  const at = text.indexOf(":");
  return [text.slice(0, at), text.slice(at + 1)];
}

function start() {
  startMap();
  const asked = placeOfAddress();
  if (!asked || !openPlace(asked[0], asked[1], true)) {
    document.getElementById("place").replaceChildren(...placePage("nation", ""));
  }
  addEventListener("hashchange", () => { const place = placeOfAddress(); if (place) openPlace(place[0], place[1], true); });
  document.querySelectorAll("#regions [data-place]").forEach((cell) => {
    const [kind, id] = cell.dataset.place.split(/:(.*)/s);
    cell.replaceChildren(placeButton(kind, id, cell.textContent));
  });
  startSearch();
  startWhy();
  startStandards();
  startPaper();
  drawAll([drawUnmetByRegion, drawUnmetBySpecialty, drawUnmetGrid, drawOccupancy, drawTravel, drawCare, drawWaves, drawPrices, drawCurves],
    () => { document.documentElement.dataset.ready = "true"; });
  keepDrawn();
}

// After the first paint, so that the answer is on the screen before the map is drawn.
requestAnimationFrame(() => setTimeout(data.comparison ? startComparison : start, 0));
