/* Mail dropped or pasted on any page of the desk goes into the tray. Without this script the tray's own form does it.
 *
 * One calm target at the foot of the page while files are dragged over it. A file field keeps its own drops. The page is never
 * left by a drop, so what was half typed stays. Nothing is read here: the desk reads it, sealed as it arrives.
 */
(function () {
  "use strict";
  const box = document.querySelector("[data-tray]");
  if (!box) return;
  const words = box.dataset;
  const parts = Array.from(box.querySelectorAll("[data-when]"));
  const told = box.querySelector("[data-told]");
  const list = box.querySelector("[data-refused]");
  const teams = Array.from(box.querySelectorAll("button[data-team]"));
  let waiting = [];
  let busy = false;

  function show(when) {
    box.hidden = when === "";
    for (const part of parts) part.hidden = part.dataset.when !== when;
  }

  const field = (target) => target instanceof Element && target.closest("input[type=file]");
  const carries = (data) => Boolean(data) && Array.from(data.types).includes("Files");
  const mail = (file) => /\.(eml|msg|mbox|mbx)$/i.test(file.name) || ["message/rfc822", "application/mbox", "application/vnd.ms-outlook"].includes(file.type);
  const token = () => document.querySelector("input[name=csrfmiddlewaretoken]").value;

  /* As many at once as the desk takes, in files and in bytes. */
  function batches(files) {
    const all = [];
    let room = 0;
    for (const file of files) {
      const last = all[all.length - 1];
      if (last && last.length < Number(words.mostFiles) && file.size <= room) {
        last.push(file);
        room -= file.size;
      } else {
        all.push([file]);
        room = Number(words.mostTogether) - file.size;
      }
    }
    return all;
  }

  async function put(files, team) {
    const form = new FormData();
    form.append("csrfmiddlewaretoken", token());
    form.append("team", team);
    for (const file of files) form.append("file", file, file.name);
    const answer = await fetch(words.tray, { method: "POST", body: form, redirect: "error", headers: { Accept: "application/json" } });
    if (!(answer.headers.get("Content-Type") || "").startsWith("application/json")) throw new Error("not taken");
    return answer.json();
  }

  function say(lines, refused) {
    told.textContent = lines.join(" ");
    list.replaceChildren(...refused.map((text) => {
      const line = document.createElement("li");
      line.textContent = text;
      return line;
    }));
    show("told");
  }

  async function send(files, team) {
    busy = true;
    show("sending");
    const lines = [];
    const refused = [];
    const small = files.filter((file) => file.size <= Number(words.most));
    if (small.length < files.length) refused.push(words.tooLarge);
    let stands = null;
    try {
      for (const batch of batches(small)) {
        const took = await put(batch, team);
        lines.push(took.said);
        refused.push(...took.refused);
        stands = took.waiting;
      }
    } catch {
      lines.push(words.failed);
    }
    busy = false;
    if (stands !== null) {
      for (const count of document.querySelectorAll("[data-tray-count]")) {
        count.textContent = stands || "";
        count.hidden = !stands;
      }
    }
    say(lines, refused);
  }

  function take(files) {
    if (!files.length || busy) return;
    waiting = files;
    if (teams.length > 1) {
      show("team");
      teams[0].focus();
    } else {
      send(files, teams[0].value);
    }
  }

  document.addEventListener("dragenter", (event) => {
    if (carries(event.dataTransfer) && !field(event.target) && !busy) show("over");
  });
  document.addEventListener("dragover", (event) => {
    if (!carries(event.dataTransfer) || field(event.target)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = busy ? "none" : "copy";
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null && !busy) show("");
  });
  document.addEventListener("drop", (event) => {
    if (!carries(event.dataTransfer) || field(event.target)) {
      if (!busy) show("");
      return;
    }
    event.preventDefault();
    if (!busy) show("");
    take(Array.from(event.dataTransfer.files));
  });

  /* A picture pasted from elsewhere is none of ours, and text goes where the cursor is. */
  document.addEventListener("paste", (event) => {
    const files = Array.from(event.clipboardData ? event.clipboardData.files : []).filter(mail);
    if (!files.length) return;
    event.preventDefault();
    take(files);
  });

  for (const button of teams) button.addEventListener("click", () => send(waiting, button.value));
  for (const button of box.querySelectorAll("[data-close]")) {
    button.addEventListener("click", () => {
      if (words.reload) location.assign(words.tray);
      else show("");
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !box.hidden && !busy) show("");
  });
})();

/* A proposal is confirmed by one press of one key: a key held down confirms the first and no other. The page stays where it is:
 * what is confirmed is read first. */
(function () {
  "use strict";
  const ready = document.querySelector("[data-ready]");
  if (ready && !document.querySelector("[data-focus]")) ready.focus({ preventScroll: true });
  document.addEventListener("keydown", (event) => {
    if (event.repeat && event.key === "Enter" && event.target instanceof Element && event.target.closest("[data-once]")) event.preventDefault();
  }, true);
})();
