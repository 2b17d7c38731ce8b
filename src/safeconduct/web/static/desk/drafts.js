/* What is typed outlives the idle lock: it is sent to be sealed, the page goes to the lock, and afterwards the text is back.
 *
 * Nothing is stored in the browser. Tabs of one desk tell one another that somebody is there, or that the desk was locked.
 */
(function () {
  "use strict";
  const told = document.querySelector("[data-idle-minutes]");
  if (!told) return;
  const about = told.dataset;
  const idle = Number(about.idleMinutes) * 60000;
  const early = Math.min(30000, idle / 2);
  const forms = Array.from(document.querySelectorAll("form[data-guard]"));
  const lock = document.querySelector("form[data-lock]");
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("safeconduct-desk") : null;
  const half = new Map(); // forms with typed text that the server does not have yet
  const kept = new Map(); // form -> its draft
  let here = Date.now();
  let contact = Date.now();
  let leaving = false;
  let warned = false; // that what is typed cannot be kept: whoever presses Lock once more wants it locked all the same
  let said = 0;

  const token = () => document.querySelector("input[name=csrfmiddlewaretoken]").value;
  const post = (url, fields, more) =>
    fetch(url, { method: "POST", redirect: "error", body: new URLSearchParams({ csrfmiddlewaretoken: token(), ...fields }), ...more });
  /* A passphrase, a file and what serves one page only are never kept. */
  const own = (control) => control.name && !control.disabled && !("fresh" in control.dataset) && !["password", "file", "submit", "button"].includes(control.type);

  function fieldsOf(form) {
    const out = new Map();
    for (const control of form.elements) {
      if (!own(control) || (["checkbox", "radio"].includes(control.type) && !control.checked)) continue;
      const values = control.type === "select-multiple" ? Array.from(control.selectedOptions, (one) => one.value) : [control.value];
      out.set(control.name, (out.get(control.name) || []).concat(values));
    }
    return Array.from(out);
  }

  async function keep(form) {
    const fields = { path: location.pathname, form: forms.indexOf(form), fields: JSON.stringify(fieldsOf(form)), draft: kept.get(form) || "" };
    const answer = await post(about.keep, fields);
    if (!answer.ok) throw new Error("not kept");
    kept.set(form, (await answer.json()).draft);
    half.delete(form);
    contact = Date.now();
  }

  async function keepAll() {
    for (const form of Array.from(half.keys())) await keep(form);
  }

  /* Keep what is typed, then lock; or go to the lock where another tab did. */
  async function leave(locked, pressed) {
    if (leaving) return;
    leaving = true;
    try {
      await keepAll();
    } catch {
      if (!pressed || !warned) {
        leaving = false; // the page stays, and with it the text; the next look tries again
        if (pressed) notice(about.notKeptText, "alert");
        warned = warned || Boolean(pressed);
        return;
      }
    }
    document.dispatchEvent(new CustomEvent("desk:kept"));
    if (locked) location.replace(about.unlock + "?held-to=" + encodeURIComponent(location.pathname + location.search));
    else {
      if (tabs) tabs.postMessage("locked");
      lock.submit();
    }
  }

  function look() {
    const now = Date.now();
    if (now - here >= idle - early) leave(false);
    else if (half.size && now - contact >= idle / 2 && !leaving) keepAll().catch(() => {});
  }

  function present() {
    here = Date.now();
    if (tabs && here - said > 5000) {
      said = here;
      tabs.postMessage("here");
    }
  }

  for (const kind of ["keydown", "pointerdown", "input", "wheel"]) document.addEventListener(kind, present, { passive: true });
  document.addEventListener("visibilitychange", look);
  setInterval(look, 5000);
  if (tabs) {
    tabs.onmessage = (event) => {
      if (event.data === "here") here = Date.now();
      if (event.data === "locked") leave(true);
    };
    tabs.postMessage("here");
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form && event.isTrusted) half.set(form, true);
  });
  if (lock) {
    lock.addEventListener("submit", (event) => {
      event.preventDefault();
      leave(false, true);
    });
  }
  /* Sent, or left behind on purpose: the draft has done its work. */
  window.addEventListener("pagehide", () => {
    if (leaving) return;
    for (const draft of kept.values()) post(about.drop, { draft }, { keepalive: true }).catch(() => {});
  });

  function put(form, fields) {
    const values = new Map(fields);
    const next = new Map();
    for (const control of form.elements) {
      if (!own(control) || control.name.endsWith("_FORMS")) continue;
      const mine = values.get(control.name) || [];
      if (["checkbox", "radio"].includes(control.type)) {
        control.checked = mine.includes(control.value);
      } else if (control.type === "select-multiple") {
        for (const option of control.options) option.selected = mine.includes(option.value);
      } else if (mine.length) {
        const at = next.get(control.name) || 0;
        if (at < mine.length) control.value = mine[at];
        next.set(control.name, at + 1);
      }
      values.set(control.name, mine);
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const known = new Set(Array.from(form.elements, (control) => control.name));
    return fields.filter(([name]) => !known.has(name)).flatMap(([, all]) => all).filter((one) => one.trim().length > 2);
  }

  function notice(text, role) {
    const made = document.createElement("div");
    made.className = "notice info";
    made.setAttribute("role", role);
    made.textContent = text;
    document.getElementById("main").prepend(made);
    return made;
  }

  function say(leftOver) {
    const told = notice(about.backText, "status");
    if (leftOver.length) {
      const list = document.createElement("ul");
      for (const one of leftOver) {
        const line = document.createElement("li");
        line.dir = "auto";
        line.textContent = one;
        list.append(line);
      }
      told.append(" " + about.leftText, list);
    }
  }

  async function giveBack() {
    const answer = await post(about.open, { path: location.pathname });
    const found = answer.ok ? (await answer.json()).drafts : [];
    const left = [];
    let any = false;
    for (const one of found) {
      const form = forms[one.form];
      if (!form) continue;
      left.push(...put(form, one.fields));
      half.set(form, true);
      // It stays where it is until the form is sent or left: a page that dies now loses nothing.
      const before = kept.get(form);
      if (before) await post(about.drop, { draft: before });
      kept.set(form, one.draft);
      any = true;
    }
    if (any) say(left);
  }
  if (about.drafts === "yes" && forms.length) giveBack().catch(() => {});
})();
