// «Copy the key»: a text that is shown in groups is copied as the one word it is.
"use strict";
(() => {
  if (!navigator.clipboard?.writeText) return;
  document.querySelectorAll("[data-copy-text]").forEach((button) => {
    const out = button.parentElement.querySelector("[data-copied]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copyText);
        out.textContent = window.portal.say("copiedText");
      } catch {
        out.textContent = window.portal.say("notCopied");
      }
    });
  });
})();
