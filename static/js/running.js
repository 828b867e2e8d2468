// The page of a running meeting loses nothing on a broken line. What is typed in a case is sent by itself, kept in this
// browser until the server has it, and sent again when the line is back. A button waits for the line before it is pressed.
"use strict";
(() => {
  const { say } = window.portal;
  const PAUSE = 1000;
  const AGAIN = 3000;
  const pause = (ms) => new Promise((next) => setTimeout(next, ms));
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;
  const notes = [];

  const button = (label, variant, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "ds-button";
    made.dataset.variant = variant;
    made.dataset.size = "sm";
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  };

  const note = (box) => {
    const area = box.querySelector("textarea");
    const state = box.querySelector("[data-note-state]");
    const key = `note:${document.body.dataset.person}:${box.dataset.action}`;
    let version = Number(box.dataset.version);
    let saved = area.value;
    let timer = 0;
    let sending = null;
    let asking = null;
    const unsaved = () => area.value !== saved;
    const keep = () => localStorage.setItem(key, JSON.stringify({ at: Date.now(), text: area.value, version }));

    // Two who write at once: the second sees both texts, and chooses.
    const ask = (theirs) => {
      state.textContent = say("bothWrote");
      asking = document.createElement("div");
      asking.className = "ds-alert";
      asking.dataset.color = "warning";
      const text = document.createElement("p");
      text.className = "ds-paragraph p-written";
      text.textContent = theirs.text || "–";
      const row = document.createElement("div");
      row.className = "p-row";
      const settle = (mine) => {
        version = theirs.version;
        saved = theirs.text;
        if (!mine) area.value = theirs.text;
        asking.remove();
        asking = null;
        area.focus();
        send();
      };
      row.append(button(say("keepMine"), "primary", () => settle(true)), button(say("takeTheirs"), "secondary", () => settle(false)));
      asking.append(text, row);
      box.append(asking);
    };

    // Answers whether the server has the text, or the reason why it will not.
    const post = async () => {
      const text = area.value;
      const body = new URLSearchParams({ text, version });
      // As each form says: whom the page was shown for.
      const shownFor = document.querySelector("[name=shown_for]");
      if (shownFor) body.set("shown_for", shownFor.value);
      const headers = { Accept: "application/json", "X-CSRFToken": token() };
      const answer = await fetch(box.dataset.action, { method: "POST", headers, body, redirect: "manual" });
      if (answer.status === 409) {
        const told = await answer.json();
        if (told.sentence) state.textContent = told.sentence; else ask(told);
        return false;
      }
      if (!answer.ok) throw new Error(answer.status);
      const told = await answer.json();
      version = told.version;
      saved = text;
      if (unsaved()) keep(); else localStorage.removeItem(key);
      state.textContent = say("savedAt", { at: told.at });
      return true;
    };
    const trying = async () => {
      while (unsaved() && !asking) {
        try {
          if (!await post()) return false;
        } catch {
          state.textContent = say("notSaved");
          await pause(AGAIN);
        }
      }
      return !asking;
    };
    const send = () => {
      clearTimeout(timer);
      sending ??= trying().finally(() => { sending = null; });
      return sending;
    };

    area.addEventListener("input", () => {
      keep();
      clearTimeout(timer);
      timer = setTimeout(send, PAUSE);
    });
    const left = JSON.parse(localStorage.getItem(key) || "null");
    if (left && left.text === area.value) localStorage.removeItem(key);
    else if (left) {
      area.value = left.text;
      version = left.version;
      send();
    }
    notes.push(send);
  };

  const line = async () => {
    const state = document.querySelector("[data-line-state]");
    const icon = document.querySelector("link[rel=icon]").href;
    for (;;) {
      try {
        await fetch(icon, { method: "HEAD", cache: "no-store" });
        if (state) state.textContent = "";
        return;
      } catch {
        if (state) state.textContent = say("notSaved");
        await pause(AGAIN);
      }
    }
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-waits]")) return;
    event.preventDefault();
    if (form.dataset.pressed) return;
    form.dataset.pressed = "1";
    const all = await Promise.all(notes.map((send) => send()));
    if (!all.every(Boolean)) {
      delete form.dataset.pressed;
      return;
    }
    await line();
    form.submit();
  });

  // A page that comes back from the browser's own memory can be pressed again.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-pressed]").forEach((form) => delete form.dataset.pressed);
  });

  const start = () => document.querySelectorAll("[data-note]").forEach(note);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
