// Turns each <textarea data-rich> into an editor. Without script the box stays what it is: a box for plain text.
import { baseKeymap, chainCommands, exitCode, setBlockType, toggleMark } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { DOMParser as Reader, DOMSerializer } from "prosemirror-model";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { EditorState, Plugin } from "prosemirror-state";
import {
  addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, goToNextCell, isInTable, tableEditing,
} from "prosemirror-tables";
import { EditorView } from "prosemirror-view";
import { schema } from "./schema.js";
import { cleaned } from "./word.js";

const { nodes, marks } = schema;
// The same question as richtext.is_markup on the server.
const MARKUP = /<\/[a-z][\w:]*\s*>|<br\s*\/?>/i;

const read = (text) => {
  const box = document.createElement("template");
  if (MARKUP.test(text)) {
    box.innerHTML = text;
  } else {
    for (const part of text.replaceAll("\r\n", "\n").split(/\n{2,}/)) {
      const paragraph = document.createElement("p");
      part.trim().split("\n").forEach((line, at) => paragraph.append(...(at ? [document.createElement("br")] : []), line));
      box.content.append(paragraph);
    }
  }
  return Reader.fromSchema(schema).parse(box.content);
};

const written = (doc) => {
  if (!doc.textContent.trim() && doc.childCount < 2) return "";
  const box = document.createElement("div");
  box.append(DOMSerializer.fromSchema(schema).serializeFragment(doc.content));
  return box.innerHTML;
};

const isActive = (state, name) => {
  const { $from, from, to, empty } = state.selection;
  if (marks[name]) {
    return empty ? Boolean(marks[name].isInSet(state.storedMarks || $from.marks())) : state.doc.rangeHasMark(from, to, marks[name]);
  }
  const level = { heading: 3, subheading: 4 }[name];
  if (level) return $from.parent.type === nodes.heading && $from.parent.attrs.level === level;
  const list = { bullets: nodes.bullet_list, numbers: nodes.ordered_list }[name];
  for (let depth = $from.depth; list && depth > 0; depth -= 1) if ($from.node(depth).type === list) return true;
  return false;
};

const heading = (level) => (state, dispatch) =>
  (isActive(state, level === 3 ? "heading" : "subheading") ? setBlockType(nodes.paragraph) : setBlockType(nodes.heading, { level }))(state, dispatch);
const list = (type, name) => (state, dispatch) =>
  (isActive(state, name) ? liftListItem(nodes.list_item) : wrapInList(type))(state, dispatch);
const table = (state, dispatch) => {
  const row = (type) => nodes.table_row.create(null, [1, 2, 3].map(() => type.createAndFill()));
  const made = nodes.table.create(null, [row(nodes.table_header), row(nodes.table_cell), row(nodes.table_cell)]);
  if (dispatch) dispatch(state.tr.replaceSelectionWith(made).scrollIntoView());
  return true;
};
const breakLine = chainCommands(exitCode, (state, dispatch) => {
  if (dispatch) dispatch(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
});

const commands = {
  strong: toggleMark(marks.strong),
  em: toggleMark(marks.em),
  heading: heading(3),
  subheading: heading(4),
  bullets: list(nodes.bullet_list, "bullets"),
  numbers: list(nodes.ordered_list, "numbers"),
  deeper: sinkListItem(nodes.list_item),
  outer: liftListItem(nodes.list_item),
  table,
  row: addRowAfter,
  column: addColumnAfter,
  norow: deleteRow,
  nocolumn: deleteColumn,
  notable: deleteTable,
  undo,
  redo,
};

const keys = keymap({
  "Mod-b": commands.strong,
  "Mod-i": commands.em,
  "Mod-z": undo,
  "Mod-y": redo,
  "Mod-Shift-z": redo,
  "Mod-]": commands.deeper,
  "Mod-[": commands.outer,
  "Shift-Enter": breakLine,
  Enter: splitListItem(nodes.list_item),
  // In a table Tab goes to the next cell; everywhere else it leaves the text, as in any other field.
  Tab: goToNextCell(1),
  "Shift-Tab": goToNextCell(-1),
});

class Toolbar {
  constructor(bar, view) {
    this.bar = bar;
    this.view = view;
    this.buttons = [...bar.querySelectorAll("button[data-command]")];
    this.link = bar.parentElement.querySelector("[data-link]");
    bar.addEventListener("click", (event) => this.click(event));
    bar.addEventListener("keydown", (event) => this.move(event));
    this.link.querySelector("[data-link-set]").addEventListener("click", () => this.setLink());
    this.link.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); this.setLink(); }
      if (event.key === "Escape") { this.link.hidden = true; view.focus(); }
    });
    this.update(view);
  }

  click(event) {
    const button = event.target.closest("button[data-command]");
    if (!button) return;
    if (button.dataset.command === "link") { this.askLink(); return; }
    commands[button.dataset.command](this.view.state, this.view.dispatch, this.view);
    this.view.focus();
  }

  askLink() {
    const { state } = this.view;
    if (isActive(state, "link")) { toggleMark(marks.link)(state, this.view.dispatch); this.view.focus(); return; }
    this.link.hidden = false;
    this.link.querySelector("input").focus();
  }

  setLink() {
    const input = this.link.querySelector("input");
    const address = input.value.trim();
    const href = /^[^@\s/:]+@[^@\s/]+$/.test(address) ? `mailto:${address}` : address.replace(/^(http:\/\/|(?!https:|mailto:))/i, "https://");
    const { state } = this.view;
    if (address) {
      const mark = marks.link.create({ href });
      this.view.dispatch(state.selection.empty
        ? state.tr.replaceSelectionWith(schema.text(address, [mark]), false)
        : state.tr.addMark(state.selection.from, state.selection.to, mark));
    }
    input.value = "";
    this.link.hidden = true;
    this.view.focus();
  }

  // One stop of the Tab key; the arrows go from button to button.
  move(event) {
    const shown = this.buttons.filter((button) => !button.hidden);
    const at = shown.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: shown.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = shown[(to + shown.length) % shown.length];
    this.buttons.forEach((button) => { button.tabIndex = button === next ? 0 : -1; });
    next.focus();
  }

  update(view) {
    const inTable = isInTable(view.state);
    for (const button of this.buttons) {
      const { command } = button.dataset;
      if ("inTable" in button.dataset) button.hidden = !inTable;
      if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(isActive(view.state, command)));
    }
  }
}

const begin = (area) => {
  const frame = area.closest("[data-rich-frame]");
  const label = document.querySelector(`label[for="${area.id}"]`);
  label.id ||= `${area.id}_label`;
  label.removeAttribute("for");
  const bar = frame.querySelector("[role=toolbar]");
  const about = area.getAttribute("aria-describedby");
  const view = new EditorView({ mount: frame.querySelector("[data-rich-text]") }, {
    state: stateFor(area.value, bar),
    attributes: {
      role: "textbox",
      "aria-multiline": "true",
      "aria-labelledby": label.id,
      ...(about ? { "aria-describedby": about } : {}),
      ...(area.getAttribute("aria-invalid") ? { "aria-invalid": "true" } : {}),
    },
    transformPastedHTML: cleaned,
    dispatchTransaction(change) {
      view.updateState(view.state.apply(change));
      if (!change.docChanged || change.getMeta("restored")) return;
      area.value = written(view.state.doc);
      area.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: "written" }));
    },
  });
  area.addEventListener("input", (event) => {
    // Somebody else put a text there: a draft that was kept.
    if (event.detail === "written") return;
    const { tr, doc } = view.state;
    view.dispatch(tr.replaceWith(0, doc.content.size, read(area.value).content).setMeta("restored", true));
  });
  area.addEventListener("focus", () => view.focus());
  label.addEventListener("click", () => view.focus());
  area.hidden = true;
  bar.hidden = false;
  frame.dataset.richFrame = "on";
};

const stateFor = (text, bar) => EditorState.create({
  doc: read(text),
  plugins: [keys, keymap(baseKeymap), history(), tableEditing(), new Plugin({ view: (view) => new Toolbar(bar, view) })],
});

const start = () => document.querySelectorAll("textarea[data-rich]").forEach(begin);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
