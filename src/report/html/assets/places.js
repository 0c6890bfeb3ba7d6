// Places: finding them, and the page of each.
const reasons = new Map((data.reasons || []).map((reason) => [`${reason.kind}:${reason.id}`, reason]));
const KINDS = { nation: "All regions", region: "Region", commissioner: "Commissioner", council: "Council", trust: "Trust",
  site: "Hospital site", area: "Small area", specialty: "Specialty" };
const positions = {};

/** Where something stands in its list, by code. */
function position(kind, id) {
  const lists = { region: data.regions, commissioner: data.commissioners, council: data.councils, specialty: data.specialties };
  if (!positions[kind]) {
    const codes = kind === "site" ? data.sites.id : kind === "area" ? data.areas.id
      : kind === "trust" ? data.trusts.map((t) => t[0]) : lists[kind].map((one) => one.id);
    positions[kind] = new Map(codes.map((code, at) => [code, at]));
  }
  return positions[kind].get(id);
}

/** Everything that can be looked for: kind, code, name. */
let index = null;
function everyPlace() {
  if (index) return index;
  const of = (kind, list) => list.map((one) => ({ kind, id: one.id, name: one.name }));
  index = [
    { kind: "nation", id: "", name: "All regions" },
    ...of("region", data.regions), ...of("commissioner", data.commissioners), ...of("council", data.councils),
    ...data.trusts.map(([id, name]) => ({ kind: "trust", id, name })),
    ...data.sites.id.map((id, i) => ({ kind: "site", id, name: data.sites.name[i] })),
    ...of("specialty", data.specialties),
    ...data.areas.id.map((id, i) => ({ kind: "area", id, name: data.areas.name[i] })),
  ];
  index.forEach((place) => { place.words = `${place.name} ${place.id}`.toLowerCase(); });
  return index;
}

/** Places that fit what was typed: those that begin with it first. */
function find(typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const fits = everyPlace().filter((place) => words.every((word) => place.words.includes(word)));
  const rank = (place) => (place.id.toLowerCase() === words[0] ? 0 : place.words.startsWith(words[0]) ? 1 : 2);
  return fits.map((place, at) => [rank(place), at, place]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((one) => one[2]);
}

/** A button that opens a place. */
function placeButton(kind, id, name) {
  return el("button", { type: "button", class: "link", "data-open": `${kind}:${id}`, onclick: () => openPlace(kind, id, true) }, name);
}

const list = (items) => el("ul", {}, ...items.map((item) => (item instanceof Node && item.tagName === "LI" ? item : el("li", {}, item))));

/** What the explanation says of a place. */
function told(reason) {
  const parts = [el("h4", {}, "What it gets"), list(reason.got)];
  if (reason.gap) {
    parts.push(el("h4", {}, "Why it differs from the nation"), el("p", {}, reason.gap));
    const points = (part) => signed(100 * part, 2);
    parts.push(table(["Points", "of which"], reason.parts.map(([part, words]) => [points(part), words])));
    parts.push(...(reason.notes || []).map((note) => el("p", { class: "quiet" }, note[0].toUpperCase() + note.slice(1) + ".")));
  }
  parts.push(el("h4", {}, "What binds"));
  if (!reason.binds.length) parts.push(el("p", {}, "Nothing has a price here."));
  else parts.push(list(reason.binds.map(([level, words]) => `${aim(level)}: ${words}`)),
    el("p", { class: "quiet" }, `Prices hold at the margin, with the aims before them kept. prices.csv has all ${grouped(reason.prices, 0)} of them.`));
  return parts;
}

/** Need of a group of areas and what becomes of it, in sentences. */
function needOf(group) {
  if (!(group.need > 0)) return ["It has no need."];
  return [
    `Of a need of ${grouped(group.need)} occupied beds ${grouped(group.unmet)} are left unmet (${percent(over(group.unmet, group.need))}).`,
    `Social care frees ${grouped(group.released)} (${percent(over(group.released, group.need))}).`,
    group.minutes === null ? "Nobody is treated." : `Those treated travel ${grouped(group.minutes)} minutes on average, one way.`,
  ];
}

function pageOfSite(i) {
  const s = data.sites, pools = data.pools;
  const rows = pools.site.map((site, at) => [site, at]).filter(([site]) => site === i).map(([, at]) => at);
  const patients = (data.patients[i] || []).map(([council, beds]) =>
    el("li", {}, placeButton("council", data.councils[council].id, data.councils[council].name), `: ${grouped(beds)} occupied beds`));
  return [
    patients.length ? el("h4", {}, "Where most of its patients live") : null, patients.length ? list(patients) : null,
    el("h4", {}, "Its beds by specialty"),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table: beds by specialty" },
      table(["Specialty", "Now", "New", "After", "Occupied"], rows.map((at) => [data.specialties[pools.specialty[at]].name,
        grouped(pools.before[at]), grouped(pools.new[at]), grouped(pools.after[at]), grouped(pools.occupied[at])]))),
    el("p", {}, "Trust: ", placeButton("trust", data.trusts[s.trust[i]][0], data.trusts[s.trust[i]][1] || data.trusts[s.trust[i]][0]), ". Region: ",
      placeButton("region", data.regions[s.region[i]].id, data.regions[s.region[i]].name), "."),
  ];
}

function pageOfArea(i) {
  const a = data.areas;
  const group = { need: a.need[i], unmet: a.unmet[i], released: a.released[i], minutes: a.minutes[i] };
  const sites = a.treated[i].map(([site, beds, minutes]) =>
    el("li", {}, placeButton("site", data.sites.id[site], data.sites.name[site]), `: ${grouped(beds)} occupied beds, ${grouped(minutes)} minutes away`));
  return [
    list([`${grouped(a.people[i], 0)} people live here${a.decile[i] ? `; deprivation: tenth ${a.decile[i]} of 10, the first being the most deprived` : ""}.`, ...needOf(group)]),
    sites.length ? el("h4", {}, "Who treats most of its patients in this plan") : null, sites.length ? list(sites) : null,
    el("p", {}, "Council: ", placeButton("council", data.councils[a.council[i]].id, data.councils[a.council[i]].name), ". Region: ",
      placeButton("region", data.regions[a.region[i]].id, data.regions[a.region[i]].name), "."),
    el("p", { class: "quiet" }, "Why, in full: bedalloc explain with this result and --area ", el("code", {}, a.id[i]), "."),
  ];
}

/** Small areas of a place that are left shortest. */
function shortest(column, at) {
  const a = data.areas;
  const inside = a.id.map((_, i) => i).filter((i) => a[column][i] === at && a.unmet[i] >= 0.05);
  const worst = inside.sort((x, y) => a.unmet[y] / a.need[y] - a.unmet[x] / a.need[x]).slice(0, 5);
  if (!worst.length) return [];
  return [el("h4", {}, "Areas left shortest"), list(worst.map((i) => el("li", {}, placeButton("area", a.id[i], a.name[i]),
    `: ${percent(over(a.unmet[i], a.need[i]), 0)} of need unmet, ${grouped(a.unmet[i])} occupied beds`)))];
}

function pageOfCouncil(at) {
  const care = data.care && data.care.councils.find((c) => c.council === at);
  const rows = care ? data.care.services.map((name, i) => [name, ...[0, 2, 1].map((n) =>
    grouped(care.spend[i] && care.spend[i][n] !== null ? care.spend[i][n] / 1e6 : null, 2))]) : [];
  return [
    list(needOf(data.councils[at])),
    care ? el("h4", {}, "Social-care money, £ million a year") : null,
    care ? table(["Service", "Before", "After", "Floor"], rows) : null,
    care ? el("p", {}, `It receives £${grouped(care.received / 1e6, 2)} million a year from the pooled fund.`) : null,
    ...shortest("council", at),
  ];
}

/** The page of a place. */
function placePage(kind, id) {
  const reason = reasons.get(`${kind}:${id}`);
  const at = kind === "nation" ? 0 : position(kind, id);
  const name = everyPlace().find((place) => place.kind === kind && place.id === id).name;
  const parts = [el("p", { class: "kind" }, KINDS[kind] + (id && id !== name ? `, ${id}` : "")), el("h3", { id: "place-name", tabindex: "-1" }, name)];
  if (reason) parts.push(...whole(reason));
  if (kind === "site") parts.push(...pageOfSite(at));
  if (kind === "area") parts.push(...pageOfArea(at));
  if (kind === "council") parts.push(...pageOfCouncil(at));
  if (kind === "region" || kind === "commissioner") parts.push(...shortest(kind, at));
  return parts.filter(Boolean);
}

/** Opens the page of a place; `focus` for people who came by keyboard or search. */
function openPlace(kind, id, focus) {
  if (!everyPlace().some((place) => place.kind === kind && place.id === id)) return false;
  const page = document.getElementById("place");
  page.replaceChildren(...placePage(kind, id));
  page.scrollTop = 0;
  const hash = "#place=" + encodeURIComponent(`${kind}:${id}`);
  if (location.hash !== hash) history.replaceState(null, "", hash);
  if (focus) {
    page.scrollIntoView({ block: "nearest" });
    document.getElementById("place-name").focus({ preventScroll: true });
  }
  showOnMap(kind, id);
  return true;
}

/** The box that finds places. */
function startSearch() {
  const input = document.getElementById("find"), found = document.getElementById("found"), count = document.getElementById("found-count");
  const SHOWN = 8;
  const choose = (place) => { found.replaceChildren(); count.textContent = ""; openPlace(place.kind, place.id, true); };
  const show = () => {
    const all = find(input.value);
    count.textContent = input.value.trim() ? (all.length ? `${grouped(all.length, 0)} found${all.length > SHOWN ? `, the first ${SHOWN} shown` : ""}` : "Nothing goes by that name.") : "";
    found.replaceChildren(...all.slice(0, SHOWN).map((place) =>
      el("li", {}, el("button", { type: "button", onclick: () => choose(place) }, place.name, el("span", { class: "quiet" }, `  ${KINDS[place.kind]}${place.id ? " " + place.id : ""}`)))));
  };
  input.addEventListener("input", show);
  document.getElementById("search").addEventListener("submit", (event) => {
    event.preventDefault();
    const all = find(input.value);
    if (all.length) choose(all[0]);
  });
  input.addEventListener("keydown", (event) => { if (event.key === "Escape") { input.value = ""; show(); } });
}

/** All that is said of a place that has an explanation. */
const whole = (reason) => [...told(reason), ...againstStandards(reason.kind, reason.id), ...recordedOf(reason)].filter(Boolean);

/** The explanations that were narrowed down to, as many as are shown; null where nothing was typed or chosen. */
let narrowed = null;

/** The list of all explanations. */
function startWhy() {
  const input = document.getElementById("why-find"), kind = document.getElementById("why-kind");
  const box = document.getElementById("why-list"), count = document.getElementById("why-count");
  const kinds = [...new Set(data.reasons.map((r) => r.kind))];
  kind.append(el("option", { value: "" }, "All"), ...kinds.map((k) => el("option", { value: k }, KINDS[k])));
  const texts = data.reasons.map((r) => [r.name, r.id, ...r.got, r.gap || "", ...r.parts || [], ...r.binds, ...r.recorded || []].flat().join(" ").toLowerCase());
  const SHOWN = 30;
  const show = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = data.reasons.filter((r, at) => (!kind.value || r.kind === kind.value) && words.every((word) => texts[at].includes(word)));
    count.textContent = `${grouped(fits.length, 0)} explanation${fits.length === 1 ? "" : "s"}${fits.length > SHOWN ? `, the first ${SHOWN} shown` : ""}`;
    narrowed = words.length || kind.value ? fits.slice(0, SHOWN) : null;
    box.replaceChildren(...fits.slice(0, SHOWN).map((reason) => {
      const details = el("details", {}, el("summary", {}, reason.name, el("span", { class: "quiet" }, `  ${KINDS[reason.kind]}`)));
      details.addEventListener("toggle", () => {
        if (details.open && details.children.length === 1) details.append(...whole(reason), placeButton(reason.kind, reason.id, "Show its page beside the map"));
      });
      return details;
    }));
  };
  input.addEventListener("input", show);
  kind.addEventListener("change", show);
  show();
}
