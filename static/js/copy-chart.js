// «Copy to Word»: the figure as a picture and its numbers as a table, in one paste.
"use strict";
(() => {
  const { say } = window.portal;
  if (!navigator.clipboard?.write || !window.ClipboardItem) return;

  const PAINT = ["fill", "stroke", "stroke-width", "stroke-dasharray", "text-anchor", "font-size", "font-weight"];
  let font = null;
  const fontData = async () => {
    const address = document.querySelector('link[as="font"]').href;
    const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return `@font-face{font-family:Inter;src:url(data:font/woff2;base64,${btoa(text)})}`;
  };

  // A copy that carries its own colours, always those of paper.
  const standalone = (svg) => {
    const page = document.documentElement;
    const scheme = page.dataset.colorScheme;
    page.dataset.colorScheme = "light";
    const copy = svg.cloneNode(true);
    const originals = [svg, ...svg.querySelectorAll("*")];
    [copy, ...copy.querySelectorAll("*")].forEach((element, index) => {
      const style = getComputedStyle(originals[index]);
      for (const name of PAINT) element.setAttribute(name, style.getPropertyValue(name));
      element.removeAttribute("class");
    });
    page.dataset.colorScheme = scheme;
    copy.setAttribute("font-family", "Inter, Arial, sans-serif");
    return copy;
  };

  const picture = async (svg) => {
    font ??= await fontData();
    const copy = standalone(svg);
    const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
    style.textContent = font;
    copy.prepend(style);
    const { width, height } = svg.viewBox.baseVal;
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = width * 2;
    canvas.height = height * 2;
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas;
  };

  const copy = async (figure) => {
    const svg = figure.querySelector(".p-chart--wide");
    const canvas = await picture(svg);
    const table = figure.querySelector("table").cloneNode(true);
    table.border = "1";
    const heading = figure.querySelector("figcaption").outerHTML;
    const html = `${heading}<p><img src="${canvas.toDataURL("image/png")}" width="${svg.viewBox.baseVal.width}" alt=""></p>${table.outerHTML}`;
    const rows = [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent).join("\t")).join("\n");
    await navigator.clipboard.write([new ClipboardItem({
      "text/html": new Blob([html], { type: "text/html" }),
      "text/plain": new Blob([rows], { type: "text/plain" }),
      "image/png": await new Promise((done) => canvas.toBlob(done, "image/png")),
    })]);
  };

  const dress = () => document.querySelectorAll("[data-copy-chart]").forEach((button) => { button.hidden = false; });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", dress); else dress();
  document.addEventListener("htmx:load", dress);
  document.addEventListener("click", async (event) => {
    const figure = event.target.closest("[data-copy-chart]")?.closest("[data-chart]");
    if (!figure) return;
    const out = figure.querySelector("[data-copied]");
    try {
      await copy(figure);
      out.textContent = say("copied");
    } catch (error) {
      out.textContent = say("notCopied");
      console.warn(error);
    }
  });
})();
