// What pages do beyond plain links and forms. Every action also works without this file.
"use strict";
(() => {
  window.dsWarnings = false;
  const words = JSON.parse(document.getElementById("ord")?.textContent || "{}");
  window.portal = { words, say: (key, values = {}) => (words[key] || "").replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "") };
  const locale = document.documentElement.lang === "en" ? "en-GB" : "nb-NO";

  // A link to a confirmation page opens the dialog that asks the same.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog?.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
    if (event.target.closest("[data-print]")) window.print();
  });

  document.addEventListener("change", (event) => {
    event.target.closest("form[data-autosubmit]")?.requestSubmit();
  });

  // Pressed twice is sent once. An answer that is a file leaves the page standing: after a while it can be sent again.
  const sent = new WeakMap();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    // Those that wait for the line count their own presses, and htmx sends its own.
    if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post" || form.matches("[data-waits], [target=_blank]")) return;
    if (Date.now() - (sent.get(form) || 0) < 10000) event.preventDefault();
    else sent.set(form, Date.now());
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form").forEach((form) => sent.delete(form));
  });

  // Characters left: spoken when one pauses, not at every key.
  const timers = new WeakMap();
  document.addEventListener("input", (event) => {
    const counter = event.target.id && document.querySelector(`[data-count-for="${CSS.escape(event.target.id)}"]`);
    if (!counter) return;
    clearTimeout(timers.get(counter));
    timers.set(counter, setTimeout(() => {
      const left = Number(counter.dataset.limit) - event.target.value.length;
      counter.textContent = window.portal.say(left < 0 ? "over" : "left", { n: Math.abs(left) });
    }, 500));
  });

  // Days: the words for what is written, and the browser's own calendar behind a button.
  const parse = (text) => {
    const norwegian = text.trim().match(/^(\d{1,2})[./](\d{1,2})[./](\d{2}|\d{4})$/);
    const iso = text.trim().match(/^(\d{4})-(\d{2})-(\d{2})$/);
    if (!norwegian && !iso) return null;
    const [year, month, day] = iso ? iso.slice(1).map(Number) : norwegian.slice(1).map(Number).reverse();
    const date = new Date(year < 100 ? 2000 + year : year, month - 1, day);
    return date.getMonth() === month - 1 ? date : null;
  };
  const two = (number) => String(number).padStart(2, "0");
  const say = (box) => {
    const date = parse(box.querySelector("input").value);
    box.querySelector("[data-date-words]").textContent = date
      ? date.toLocaleDateString(locale, { weekday: "long", day: "numeric", month: "long", year: "numeric" }) : "";
  };
  const dress = (root) => {
    for (const box of root.querySelectorAll("[data-date]:not([data-dressed])")) {
      const [written, native] = box.querySelectorAll("input");
      const button = box.querySelector("button");
      box.dataset.dressed = "";
      say(box);
      written.addEventListener("input", () => say(box));
      if (!native.showPicker) continue;
      button.hidden = false;
      button.addEventListener("click", () => {
        const date = parse(written.value);
        if (date) native.value = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
        native.showPicker();
      });
      native.addEventListener("change", () => {
        const [year, month, day] = native.value.split("-");
        written.value = native.value ? `${day}.${month}.${year}` : "";
        written.dispatchEvent(new Event("input", { bubbles: true }));
        written.focus();
      });
    }
  };
  // The library for passkeys tells here that the browser would not, or that the person changed their mind.
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const box = document.getElementById("no-passkey") || document.createElement("div");
    box.id = "no-passkey";
    box.className = "ds-alert";
    box.dataset.color = "warning";
    box.setAttribute("role", "alert");
    box.textContent = window.portal.say(event.detail.exception?.name === "SecurityError" ? "noPasskeyHere" : "noPasskey");
    document.querySelector("main").prepend(box);
  });
  const start = () => dress(document);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
  document.addEventListener("htmx:load", (event) => dress(event.detail.elt.parentElement || document));
})();
