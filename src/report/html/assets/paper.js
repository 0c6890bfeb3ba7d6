// What paper has in place of lists that open, for nothing opens there.

/** The explanations that the reader narrowed down to; without that those of the nation and its regions. */
function printed() {
  return narrowed || data.reasons.filter((reason) => reason.kind === "nation" || reason.kind === "region");
}

/** Calls back with true when the page goes to paper, and with false when it comes back. */
function whenOnPaper(then) {
  let was = false;
  const turn = (is) => { if (was !== is) then(was = is); };
  addEventListener("beforeprint", () => turn(true));
  addEventListener("afterprint", () => turn(false));
  matchMedia("print").addEventListener("change", (event) => turn(event.matches));
}

/** Writes them out when the page is printed. */
function startPaper() {
  const written = (reason) => [el("h3", {}, reason.name), ...whole(reason)];
  whenOnPaper((is) => document.getElementById("why-paper").replaceChildren(...(is ? printed().flatMap(written) : [])));
}
