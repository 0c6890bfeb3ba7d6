// Every trust and commissioner against national standards, and what somebody recorded of a place.
const standing = new Map(((data.standards || {}).places || []).map((place) => [`${place.kind}:${place.id}`, place]));

/** Where a trust or commissioner stands, for its own page. */
function againstStandards(kind, id) {
  const place = standing.get(`${kind}:${id}`);
  if (!place) return [];
  const { words, values, question } = data.standards;
  const rows = words.map((text, at) => [text, place.values[at], values[at], place.sides[at] ? `${place.sides[at]} it` : ""])
    .filter((row) => row[1] !== "-");
  return [
    el("h4", {}, "Against national standards"),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table: this place against national standards" },
      table(["What", "Here", "Standard", "Different"], rows)),
    place.open.length ? el("p", {}, `${question} (${place.open.join(", ")})`) : null,
  ];
}

/** Why a place is different, as somebody recorded. */
function recordedOf(reason) {
  if (!reason || !reason.recorded) return [];
  return [el("h4", {}, "Recorded justifications"), list(reason.recorded)];
}

/** A longer table of places is not printed. */
const MOST_ON_PAPER = 60;

/** The table of all of them, narrowed by words. */
function startStandards() {
  const box = document.getElementById("standards");
  if (!data.standards) return;
  box.hidden = false;
  const { heads, values, question, key, places } = data.standards;
  const input = document.getElementById("standards-find"), kind = document.getElementById("standards-kind");
  const count = document.getElementById("standards-count"), scroll = document.getElementById("standards-table");
  const texts = places.map((p) => `${p.name} ${p.id} ${p.different}`.toLowerCase());
  kind.append(el("option", { value: "" }, "All"), ...["commissioner", "trust"].map((one) => el("option", { value: one }, KINDS[one])));
  document.getElementById("standards-question").textContent = question;
  document.getElementById("standards-too-long").textContent = `The table is printed once it is narrowed down on the screen to no more than ${MOST_ON_PAPER} places.`;
  document.getElementById("standards-key").replaceChildren(...key.map((line) => el("li", {}, line)));
  const show = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = places.filter((p, at) => (!kind.value || p.kind === kind.value) && words.every((word) => texts[at].includes(word)));
    count.textContent = `${grouped(fits.length, 0)} of ${grouped(places.length, 0)} places`;
    box.classList.toggle("too-long-for-paper", fits.length > MOST_ON_PAPER);
    const made = table(["Place", ...heads, "Different in"], [["Standard", ...values, ""], ...fits.map((p) => [placeButton(p.kind, p.id, p.name), ...p.values, p.different])]);
    made.querySelectorAll("tr > :last-child").forEach((cell) => cell.classList.add("text"));
    made.querySelector("tbody tr").classList.add("total");
    scroll.replaceChildren(made);
  };
  input.addEventListener("input", show);
  kind.addEventListener("change", show);
  show();
}
