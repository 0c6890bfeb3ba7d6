// What paper has in place of lists that open, for nothing opens there.

/** The explanations that the reader narrowed down to; without that those of the nation and its regions. */
function printed() {
  return narrowed || data.reasons.filter((reason) => reason.kind === "nation" || reason.kind === "region");
}

/** Writes them out when the page is printed. */
function startPaper() {
  const box = document.getElementById("why-paper");
  const fill = () => {
    if (!box.children.length) {
      box.replaceChildren(...printed().flatMap((reason) => [el("h3", {}, reason.name), ...whole(reason)]));
    }
  };
  const paper = matchMedia("print");
  paper.addEventListener("change", () => { if (paper.matches) fill(); else box.replaceChildren(); });
  addEventListener("beforeprint", fill);
  addEventListener("afterprint", () => box.replaceChildren());
}
