// Sums that follow while one writes: in columns («data-sum-of») and along a row («data-less»: the first less the second).
// The server adds up again; without this file the sums are seen when the page is saved.
"use strict";
(() => {
  const locale = document.documentElement.lang === "en" ? "en-GB" : "nb-NO";
  const read = (text) => {
    let plain = text.toLowerCase().replace(/\s|kr\.?|nok/g, "").replace("−", "-");
    if (plain.includes(",") || /^-?\d{1,3}(\.\d{3})+$/.test(plain)) plain = plain.replace(/\./g, "");
    plain = plain.replace(",", ".");
    return /^-?\d+(\.\d+)?$/.test(plain) ? Math.round(Number(plain) * 100) : plain === "" ? 0 : NaN;
  };
  const say = (ore) => {
    if (Number.isNaN(ore)) return "–";
    const text = (ore / 100).toLocaleString(locale, { minimumFractionDigits: ore % 100 ? 2 : 0 });
    return locale === "nb-NO" ? `${text} kr` : `NOK ${text}`;
  };
  const total = (part, name) => [...part.querySelectorAll(`[data-add-to="${name}"] input`)]
    .reduce((sum, field) => sum + read(field.value), 0);
  const add = (form) => {
    for (const output of form.querySelectorAll("[data-sum-of]")) {
      output.textContent = say(total(output.closest("table"), output.dataset.sumOf));
    }
    for (const output of form.querySelectorAll("[data-less]")) {
      const row = output.closest("[data-sum-row]");
      const empty = row && [...row.querySelectorAll("[data-add-to] input")].every((field) => !field.value.trim());
      const [whole, less] = output.dataset.less.split(" ").map((name) => total(row || output.closest("table"), name));
      output.textContent = empty ? "" : say(whole - less);
    }
  };
  const start = () => document.querySelectorAll("form[data-sums]").forEach(add);
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-sums]");
    if (form) add(form);
  });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
