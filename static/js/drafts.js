// Text that was written and not saved is kept in this browser and offered back:
// after a session that ran out, a refusal, a closed tab. It is thrown away when saved, at sign-out and after 14 days.
"use strict";
(() => {
  const { say } = window.portal;
  const AGE = 14 * 24 * 60 * 60 * 1000;
  // Also the notes of a running meeting (running.js) lie here.
  const KINDS = ["draft", "note"];
  const person = () => document.body.dataset.person;
  const kept = (rest = "") => Object.keys(localStorage).filter((key) => KINDS.some((kind) => key.startsWith(`${kind}:${rest}`)));
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

  // What the page showed before anything was written: only what differs from it is put back, so that what somebody else
  // has saved meanwhile in another field stays. A page that shows the person's own text again stands on the first one.
  const shownFirst = new Map();
  const written = ({ fields, base }) => base?.length === fields.length
    ? fields.filter((field, at) => JSON.stringify(field) !== JSON.stringify(base[at])) : fields;

  const timers = new Map();
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-draft]");
    if (!form || !(event.isTrusted || event.detail === "written")) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => keep(form), 800));
  });
  const keep = (form, word = "") => {
    localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), fields: read(form), base: shownFirst.get(form), word }));
    const state = form.querySelector("[data-draft-state]");
    if (state && !state.textContent) state.textContent = say("kept");
  };

  // Somebody else has it safe now.
  window.portal.forgetDraft = (form) => {
    clearTimeout(timers.get(form));
    localStorage.removeItem(keyOf(form));
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-signout]")) {
      kept(`${person()}:`).forEach((key) => localStorage.removeItem(key));
    } else if (form.dataset.draft) {
      clearTimeout(timers.get(form));
      keep(form, name(form));
      sessionStorage.setItem("draft:sending", JSON.stringify({ key: keyOf(form) }));
    }
  });

  // Each sending has a word of its own, which the server names back in a cookie when it has taken the text.
  const name = (form) => {
    const field = form.elements.draft_word || document.createElement("input");
    field.type = "hidden";
    field.name = "draft_word";
    field.value = [...crypto.getRandomValues(new Uint32Array(3))].map((part) => part.toString(36)).join("");
    form.append(field);
    return field.value;
  };

  // The draft is kept until the server has named its word: a broken line, a fault of the portal, a refusal, a form with
  // errors and a sign-in on the way all keep it. No fragment counts: another part of the page may have asked for it.
  const forgetTheSaved = () => {
    const saved = document.cookie.split("; ").find((cookie) => cookie.startsWith("draft_saved="))?.split("=")[1];
    for (const key of kept()) if (saved && JSON.parse(localStorage.getItem(key)).word === saved) localStorage.removeItem(key);
  };
  // Shown again with what is wrong in it, or with a line moved: the form itself holds the text.
  const corrected = () => {
    const sending = JSON.parse(sessionStorage.getItem("draft:sending") || "null");
    sessionStorage.removeItem("draft:sending");
    const form = sending && formFor(sending.key);
    return form && (form.hasAttribute("data-shown-again") || form.querySelector(".ds-error-summary")) ? sending.key : null;
  };

  const offer = (form) => {
    const key = keyOf(form);
    const draft = JSON.parse(localStorage.getItem(key) || "null");
    if (!draft || JSON.stringify(draft.fields) === JSON.stringify(read(form))) return;
    const locale = document.documentElement.lang === "en" ? "en-GB" : "nb-NO";
    const told = new Date(draft.at).toLocaleString(locale, { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
    const when = locale === "nb-NO" ? told.replace(":", ".") : told;
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
      button(say("restore"), "primary", () => { write(form, written(draft)); text.textContent = say("restored"); row.remove(); }),
      button(say("discard"), "secondary", () => { localStorage.removeItem(key); box.remove(); }),
    );
    form.prepend(box);
    text.textContent = say("found", { when });
    box.append(text, row);
  };

  const start = () => {
    for (const key of kept()) {
      const { at } = JSON.parse(localStorage.getItem(key));
      if (Date.now() - at > AGE) localStorage.removeItem(key);
    }
    forgetTheSaved();
    const shown = corrected();
    for (const form of document.querySelectorAll("form[data-draft]")) {
      const again = keyOf(form) === shown;
      shownFirst.set(form, (again && JSON.parse(localStorage.getItem(shown) || "null")?.base) || read(form));
      if (!again) offer(form);
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
