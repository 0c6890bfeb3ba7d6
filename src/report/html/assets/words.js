// Figures, numbers as words, and elements. Text from the data is only ever set as text, never as markup.
const data = JSON.parse(document.getElementById("figures").textContent);
const DASH = "–";

const formats = [0, 1, 2].map((decimals) =>
  new Intl.NumberFormat("en-GB", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }));

/** A number with thousands separated and so many decimals; a dash where there is none. */
function grouped(value, decimals = 1) {
  if (value === null || value === undefined || Number.isNaN(value)) return DASH;
  const text = formats[decimals].format(value);
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}

/** A share as a percentage. */
function percent(share, decimals = 2) {
  const text = grouped(share === null || share === undefined ? null : 100 * share, decimals);
  return text === DASH ? text : text + "%";
}

/** One number over another; null where that makes no sense. */
const over = (a, b) => (b > 0 ? a / b : null);

/** With its sign: beds gained or lost. */
function signed(value, decimals = 1) {
  const text = grouped(value, decimals);
  return value > 0 && /[1-9]/.test(text) ? "+" + text : text;
}

/** A price: two digits that say something, however small it is. */
function priced(value) {
  const size = Math.abs(value);
  if (size >= 0.1 || size === 0) return grouped(value, 2);
  return new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 2 }).format(value);
}

/** The name of an aim. */
function aim(level) {
  const [name, round] = level.split("_");
  const words = { unmet: "Unmet need", inequality: "Worst-off region", travel: "Travel", disruption: "Disruption", cost: "Cost" };
  return (words[name] || name) + (round ? `, round ${round}` : "");
}

/** An element with attributes and children; strings become text. */
function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") made.addEventListener("click", value);
    else if (value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** A box with a label that chooses among values; calls back with the value chosen. */
function choice(label, options, chosen, then) {
  const id = "choose-" + label.toLowerCase().replace(/[^a-z]+/g, "-");
  const select = el("select", { id }, ...options.map(([value, text]) => el("option", { value }, text)));
  select.value = chosen;
  select.addEventListener("change", () => then(select.value));
  return [el("span", { class: "choice" }, el("label", { for: id }, label), " ", select)];
}
