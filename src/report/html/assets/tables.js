// The table behind every chart, made when it is first opened.

/** Whether a cell holds words: those stand to the left, numbers to the right. */
const wordy = (cell) => typeof cell === "string" && /^[^\d–+£-]/.test(cell);

/** A table: heads, and rows of texts and numbers shown as text. The first column names the row. */
function table(heads, rows, caption) {
  const head = el("tr", {}, ...heads.map((text, at) =>
    el("th", { scope: "col", class: rows.length && wordy(rows[0][at]) ? "text" : null }, text)));
  const body = rows.map((row) =>
    el("tr", {}, ...row.map((cell, at) => {
      if (at === 0) return el("th", { scope: "row" }, cell);
      return el("td", { class: wordy(cell) ? "text" : null }, cell);
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
