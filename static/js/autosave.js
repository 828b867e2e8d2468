// The form of a case is kept on the server while one writes, and says so beside itself. While the server does not
// answer, drafts.js keeps the text in this browser, and this script tries again until it has gone through.
"use strict";
(() => {
  const { say } = window.portal;
  const PAUSE = 1500;
  const AGAIN = 5000;

  const begin = (form) => {
    const state = form.querySelector("[data-draft-state]");
    let timer = 0;
    let changed = false;
    let busy = false;
    const tell = (words) => { state.textContent = words; };
    const wait = (time) => { clearTimeout(timer); timer = setTimeout(save, time); };
    const failed = (key) => { changed = true; tell(say(key)); wait(AGAIN); };

    const renewToken = async () => {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
      const token = page.querySelector("form[data-autosave] [name=csrfmiddlewaretoken]")?.value;
      if (token) form.elements.csrfmiddlewaretoken.value = token;
    };

    const save = async () => {
      if (busy) { wait(PAUSE); return; }
      busy = true;
      changed = false;
      try {
        const headers = { Accept: "application/json" };
        const answer = await fetch(form.dataset.autosave, { method: "POST", headers, body: new FormData(form), redirect: "manual" });
        if (answer.ok) {
          tell(say("saved", await answer.json()));
          if (!changed) window.portal.forgetDraft(form);
        } else if (answer.status === 409) {
          changed = true;
          tell((await answer.json()).sentence); // it would be refused again; the text is kept in this browser
        } else if (answer.status === 403) {
          await renewToken();
          failed("retrying");
        } else {
          // Sent to the sign-in: the text waits here until somebody has signed in again.
          failed(answer.type === "opaqueredirect" ? "signedOut" : "retrying");
        }
      } catch {
        failed("retrying");
      } finally {
        busy = false;
      }
    };

    form.addEventListener("input", (event) => {
      if (!event.isTrusted && event.detail !== "written") return;
      changed = true;
      wait(PAUSE);
    });
    form.addEventListener("change", () => { changed = true; wait(PAUSE); });
    form.addEventListener("submit", () => clearTimeout(timer));
    addEventListener("online", () => { if (changed) save(); });
  };

  const start = () => document.querySelectorAll("form[data-autosave]").forEach(begin);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
