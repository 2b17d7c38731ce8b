/* Safeconduct's desk, quicker by keyboard. Everything here is a convenience: each page works without it.
 *
 * Keys are declared by the page (data-key="/") and pressed here. Single keys act only when the focus is in no field, with no
 * modifier, and not at all when the member turned them off (data-keys="off" on <html>). Nothing is stored.
 */
(function () {
  "use strict";
  const root = document.documentElement;
  const fieldSelector = "input:not([type=checkbox], [type=radio], [type=submit], [type=hidden], [hidden]), textarea, select, [contenteditable]";
  const inField = (element) => element instanceof Element && element.matches(fieldSelector);

  /* Back and forward after a lock must not show a page kept in memory. */
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });

  /* What is wrong is read first. */
  const errors = document.querySelector("[data-focus]");
  if (errors) errors.focus();

  /* The field that is left to write in, where the screen is wide enough to show what stands above it. */
  const start = document.querySelector("[data-start]");
  if (start && !errors && !location.hash && window.matchMedia("(min-width: 60rem)").matches) start.focus({ preventScroll: true });

  /* Typed text is not lost by a stray key. */
  let unsaved = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-guard]")) unsaved = true;
  });
  document.addEventListener("submit", (event) => {
    unsaved = false;
    const busy = event.target.querySelector("[data-busy]");
    if (busy) busy.textContent = busy.dataset.busy;
  });
  document.addEventListener("desk:kept", () => { unsaved = false; });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });

  /* Files that are too large are told before they are sent; the desk itself refuses them as well. */
  for (const input of document.querySelectorAll("input[type=file][data-most]")) {
    const told = document.createElement("p");
    told.className = "fault";
    told.hidden = true;
    told.setAttribute("role", "alert");
    input.before(told);
    const fits = () => {
      const sizes = Array.from(input.files, (file) => file.size);
      const all = sizes.reduce((sum, size) => sum + size, 0);
      const fine = all <= Number(input.dataset.mostTogether) && sizes.every((size) => size <= Number(input.dataset.most));
      told.hidden = fine;
      told.textContent = fine ? "" : input.dataset.tooLarge;
      return fine;
    };
    input.addEventListener("change", fits);
    if (input.form) input.form.addEventListener("submit", (event) => {
      if (fits()) return;
      event.preventDefault();
      event.stopPropagation();
      input.focus();
    });
  }

  /* A passphrase may be looked at while it is typed. */
  for (const input of document.querySelectorAll("input[type=password][data-reveal]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain small reveal";
    button.textContent = input.dataset.reveal;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!shown));
    });
    input.after(button);
    if (input.form) input.form.addEventListener("submit", () => { input.type = "password"; });
  }

  function links() {
    return Array.from(document.querySelectorAll("main [data-row]"))
      .map((row) => row.querySelector("a, summary, button"))
      .filter(Boolean);
  }

  function step(by) {
    const all = links();
    if (!all.length) return false;
    const row = document.activeElement.closest("[data-row]");
    const at = row ? all.findIndex((link) => row.contains(link)) : -1;
    const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  function press(key) {
    /* In a row, a key of its own goes first. */
    const wanted = '[data-key="' + CSS.escape(key) + '"]';
    const own = '[data-own-key="' + CSS.escape(key) + '"]'; // means something only while its row has the focus
    const row = document.activeElement.closest("[data-row]");
    const target = (row && row.querySelector(wanted + ", " + own)) || document.querySelector(wanted);
    if (!target) return false;
    if (target.matches("a, button, summary, input[type=radio], input[type=checkbox]")) {
      target.click();
    } else {
      const place = inField(target) ? target : target.querySelector(fieldSelector) || target.querySelector("input:not([type=hidden])");
      if (!place) return false;
      target.scrollIntoView({ block: "nearest" });
      place.focus();
    }
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const here = document.activeElement;

    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = here && here.closest("main form");
      if (!form) return;
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-default]") || undefined);
      return;
    }
    if (event.key === "Escape") {
      const open = here && here.closest("details[open]");
      if (open) {
        open.open = false;
        open.querySelector("summary").focus();
      } else if (inField(here)) {
        here.blur();
      }
      return;
    }
    if (root.dataset.keys === "off" || inField(here) || event.ctrlKey || event.altKey || event.metaKey) return;
    const done = event.key === "j" ? step(1) : event.key === "k" ? step(-1) : event.key.length === 1 && press(event.key);
    if (done) event.preventDefault();
  });

  /* The member's menu closes when the reader goes elsewhere. */
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
})();
