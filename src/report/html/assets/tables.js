// The table behind every chart, made when it is first opened.

/** A table: heads, and rows of texts and numbers shown as text. The first column names the row. */
function table(heads, rows, caption) {
  const head = el("tr", {}, ...heads.map((text) => el("th", { scope: "col" }, text)));
  const body = rows.map((row) =>
    el("tr", {}, ...row.map((cell, at) => {
      if (at === 0) return el("th", { scope: "row" }, cell);
      return el("td", typeof cell === "string" && /^[^\d–+-]/.test(cell) ? { class: "text" } : {}, cell);
    })));
  return el("table", {}, caption ? el("caption", {}, el("span", {}, caption)) : null, el("thead", {}, head), el("tbody", {}, ...body));
}

/** Fills a closed table when somebody opens it, and again when what it shows has changed. */
function tableBehind(details, make) {
  const box = details.querySelector(".scroll");
  const fill = () => box.replaceChildren(make());
  details.addEventListener("toggle", () => { if (details.open) fill(); });
  return () => { if (details.open) fill(); };
}
