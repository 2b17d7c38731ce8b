/* Citing what is selected, and copying lines. Everything here is a convenience: the forms work without it. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-cite]");

  /* What is selected, as published, and where it begins in the source's raw text (in characters, not in UTF-16). */
  function selected() {
    const selection = window.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    const text = document.querySelector(".unrolled");
    if (!text || !text.contains(range.startContainer) || !text.contains(range.endContainer)) return null;
    const pieces = Array.from(text.querySelectorAll("[data-at]")).filter((piece) => range.intersectsNode(piece));
    let words = "";
    let at = null;
    let last = null;
    for (const shown of pieces) {
      const piece = shown.querySelector("[aria-hidden]") || shown; // of what is masked, not what is read out instead
      const part = document.createRange();
      part.selectNodeContents(piece);
      if (piece.contains(range.startContainer)) part.setStart(range.startContainer, range.startOffset);
      if (piece.contains(range.endContainer)) part.setEnd(range.endContainer, range.endOffset);
      const taken = part.toString();
      if (!taken) continue;
      if (at === null) {
        const before = document.createRange();
        before.selectNodeContents(piece);
        before.setEnd(part.startContainer, part.startOffset);
        const skipped = before.toString() + taken.slice(0, taken.length - taken.trimStart().length);
        at = Number(shown.dataset.at) + Array.from(skipped).length;
      }
      const paragraph = shown.closest("p");
      if (words && paragraph !== last) words += "\n";
      last = paragraph;
      words += taken;
    }
    words = words.trim();
    return words ? { words, at } : null;
  }

  if (form) {
    const keys = form.querySelector("[data-cite-keys]");
    if (keys && document.documentElement.dataset.keys !== "off") keys.hidden = false;
    document.addEventListener("keydown", (event) => {
      if (event.key !== "c" || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
      if (document.documentElement.dataset.keys === "off") return;
      const here = document.activeElement;
      if (here && here.matches("input, textarea, select, [contenteditable]")) return;
      const found = selected();
      const fold = form.closest("details");
      if (fold) fold.open = true;
      event.preventDefault();
      if (!found) {
        form.elements.quote.focus();
        return;
      }
      form.elements.quote.value = found.words;
      form.elements.at.value = String(found.at);
      form.requestSubmit();
    });
    /* Words that are typed over are no longer those that were selected. */
    form.elements.quote.addEventListener("input", () => { form.elements.at.value = ""; });
  }

  for (const line of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) break;
    const text = Array.from(line.children).map((one) => one.textContent).join("\n") || line.textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain small copy screen";
    button.textContent = line.dataset.copy;
    if (line.dataset.of) button.setAttribute("aria-label", line.dataset.copy + ": " + line.dataset.of);
    const told = document.createElement("span");
    told.className = "note";
    told.setAttribute("role", "status");
    button.addEventListener("click", () => {
      navigator.clipboard.writeText(text.trim()).then(() => { told.textContent = line.dataset.copied; });
    });
    line.append(" ", button, " ", told);
  }
})();
