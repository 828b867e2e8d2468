// Text copied from Word comes with its lists as paragraphs and much that is not text. What is left is what was written.
const LIST = /mso-list:\s*l\d+\s+level(\d+)/i;

// A style must not even be read as one: the page's policy forbids it, and the browser would complain for each.
const withoutStyles = (html) => html
  .replace(/<style[\s\S]*?<\/style>/gi, "")
  .replace(/<[^>]+>/g, (tag) => tag.replace(/\sstyle=/gi, " data-style="));

const styleOf = (element) => element.dataset.style || "";

const wrapped = (element, name) => {
  const around = element.ownerDocument.createElement(name);
  around.append(...element.childNodes);
  element.append(around);
};

// Some write bold and italic as styles, and wrap everything in a <b> that is not bold.
const writtenOut = (element) => {
  const style = styleOf(element);
  if (/^(p|h\d|li|td|th)$/.test(element.localName)) return;
  if (/font-weight:\s*(bold|[6-9]\d\d)/i.test(style)) wrapped(element, "strong");
  if (/font-style:\s*italic/i.test(style)) wrapped(element, "em");
  if (element.localName === "b" && /font-weight:\s*normal/i.test(style)) element.replaceWith(...element.childNodes);
};

const comments = (root) => {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  return found;
};

// The sign of the item, «·» or «1.», stands in the text and says which kind of list it is.
const takeSign = (paragraph) => {
  const sign = [...paragraph.querySelectorAll("span")].find((span) => /mso-list:\s*ignore/i.test(styleOf(span)));
  const text = sign ? sign.textContent.trim() : "";
  sign?.remove();
  return /^\(?[\da-z]{1,4}[.)]/i.test(text) ? "ol" : "ul";
};

const listsFromParagraphs = (body) => {
  let open = [];
  for (const paragraph of [...body.querySelectorAll("p, h1, h2, h3, h4, h5, h6")]) {
    const level = Number(LIST.exec(styleOf(paragraph))?.[1] || 0);
    if (!level || /^h/i.test(paragraph.tagName)) { open = []; continue; }
    const before = paragraph.previousElementSibling;
    if (open.length && before !== open[0].list) open = [];
    const tag = takeSign(paragraph);
    open.length = Math.min(open.length, level);
    if (open.length === level && level > 1 && open[level - 1].list.localName !== tag) open.length = level - 1;
    while (open.length < level) {
      const list = body.ownerDocument.createElement(tag);
      const parent = open[open.length - 1]?.item;
      if (parent) parent.append(list); else paragraph.before(list);
      open.push({ list, item: null });
      if (open.length < level) open[open.length - 1].item = list.appendChild(body.ownerDocument.createElement("li"));
    }
    const place = open[open.length - 1];
    place.item = body.ownerDocument.createElement("li");
    const text = body.ownerDocument.createElement("p");
    text.append(...paragraph.childNodes);
    place.item.append(text);
    place.list.append(place.item);
    paragraph.remove();
  }
};

export const cleaned = (html) => {
  const page = new DOMParser().parseFromString(withoutStyles(html), "text/html");
  comments(page.body).forEach((comment) => comment.remove());
  page.querySelectorAll("script, style, meta, link, title, xml, img, object").forEach((element) => element.remove());
  page.querySelectorAll("*").forEach((element) => {
    if (element.localName.includes(":")) element.replaceWith(...element.childNodes);
  });
  listsFromParagraphs(page.body);
  page.querySelectorAll("[data-style]").forEach(writtenOut);
  // A cell over several columns keeps its place, with empty cells after it.
  page.querySelectorAll("[colspan], [rowspan]").forEach((cell) => {
    for (let more = Math.min(cell.colSpan, 20); more > 1; more -= 1) cell.after(page.createElement(cell.localName));
    cell.removeAttribute("colspan");
    cell.removeAttribute("rowspan");
  });
  // An empty line between two paragraphs is no paragraph of its own.
  page.querySelectorAll("p").forEach((p) => { if (!p.textContent.trim() && !p.closest("td, th, li")) p.remove(); });
  return page.body.innerHTML;
};
