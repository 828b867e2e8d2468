// Text that was written and not saved is kept in this browser and offered back:
// after a session that ran out, a refusal, a closed tab. It is thrown away when saved, at sign-out and after 14 days.
"use strict";
(() => {
  const { say } = window.portal;
  const AGE = 14 * 24 * 60 * 60 * 1000;
  const person = () => document.body.dataset.person;
  const keyOf = (form) => `draft:${person()}:${form.dataset.draft}`;
  const fieldsOf = (form) => [...form.elements].filter((field) =>
    field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type) && !field.closest("[data-no-draft]"));
  const formFor = (key) => [...document.querySelectorAll("form[data-draft]")].find((form) => keyOf(form) === key);

  const read = (form) => fieldsOf(form).map((field) =>
    [field.name, field.type, ["checkbox", "radio"].includes(field.type) ? [field.value, field.checked] : field.value]);
  const write = (form, draft) => {
    const waiting = [...draft];
    for (const field of fieldsOf(form)) {
      const choice = ["checkbox", "radio"].includes(field.type);
      const at = waiting.findIndex(([name, type, value]) =>
        name === field.name && type === field.type && (!choice || value[0] === field.value));
      if (at < 0) continue;
      const [[, , value]] = waiting.splice(at, 1);
      if (choice) field.checked = value[1]; else field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  const timers = new Map();
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-draft]");
    if (!form || !event.isTrusted) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => keep(form), 800));
  });
  const keep = (form) => {
    localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), fields: read(form) }));
    const state = form.querySelector("[data-draft-state]");
    if (state && !state.textContent) state.textContent = say("kept");
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-signout]")) {
      Object.keys(localStorage).filter((key) => key.startsWith(`draft:${person()}:`)).forEach((key) => localStorage.removeItem(key));
    } else if (form.dataset.draft) {
      clearTimeout(timers.get(form));
      keep(form);
      sessionStorage.setItem("draft:sent", keyOf(form));
    }
  });

  // The page after a submit tells how it went: a refusal, a sign-in or the same form with errors keep the draft.
  const settle = () => {
    const sent = sessionStorage.getItem("draft:sent");
    sessionStorage.removeItem("draft:sent");
    const failed = ["refused", "signin"].includes(document.body.dataset.outcome);
    const corrected = sent && formFor(sent)?.querySelector(".ds-error-summary");
    if (sent && !failed && !corrected) localStorage.removeItem(sent);
    return corrected ? sent : null;
  };

  const offer = (form) => {
    const key = keyOf(form);
    const draft = JSON.parse(localStorage.getItem(key) || "null");
    if (!draft || JSON.stringify(draft.fields) === JSON.stringify(read(form))) return;
    const locale = document.documentElement.lang === "en" ? "en-GB" : "nb-NO";
    const when = new Date(draft.at).toLocaleString(locale, { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
    const box = document.createElement("div");
    box.className = "ds-alert";
    box.dataset.color = "info";
    box.setAttribute("role", "status");
    const text = document.createElement("p");
    text.className = "ds-paragraph";
    const row = document.createElement("div");
    row.className = "p-row";
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
    row.append(
      button(say("restore"), "primary", () => { write(form, draft.fields); text.textContent = say("restored"); row.remove(); }),
      button(say("discard"), "secondary", () => { localStorage.removeItem(key); box.remove(); }),
    );
    form.prepend(box);
    text.textContent = say("found", { when });
    box.append(text, row);
  };

  const start = () => {
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith("draft:"))) {
      const { at } = JSON.parse(localStorage.getItem(key));
      if (Date.now() - at > AGE) localStorage.removeItem(key);
    }
    const corrected = settle();
    for (const form of document.querySelectorAll("form[data-draft]")) if (keyOf(form) !== corrected) offer(form);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
  document.addEventListener("htmx:afterSettle", settle);
})();
