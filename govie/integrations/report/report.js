"use strict";
document.documentElement.classList.add("js");

/* The page works as a static document; everything here is convenience. Words carry
   data-s (their span), data-f and data-t (the facts and tasks they belong to); rows
   carry data-w, a list of role letter + span: q12 i10 u13. */
document.addEventListener("DOMContentLoaded", () => {
  const SVG = "http://www.w3.org/2000/svg";
  const ROLES = {
    i: ["指标", "indicator"], a: ["动作", "action"], p: ["时间", "period"],
    b: ["基期", "base"], l: ["牵头", "lead"], s: ["配合", "support"],
  };
  const NEAR = 70; // pixels within which two words need no line between them
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const find = (selector, root) => [...(root || document).querySelectorAll(selector)];
  const numbers = (list) => (list ? list.split(" ").map(Number) : []);
  let english = false;

  class Page {
    constructor(section) {
      this.section = section;
      this.key = section.id;
      this.reader = section.querySelector(".reader");
      this.article = section.querySelector(".prose");
      this.panes = find(".pane", section);
      this.tabs = find("[role=tab]", section);
      this.words = new Map();
      find(".w[data-s]", this.article).forEach((word) => {
        const span = word.dataset.s;
        this.words.set(span, [...(this.words.get(span) || []), word]);
      });
      this.selected = null;
      this.arcs = this.article.appendChild(document.createElementNS(SVG, "svg"));
      this.arcs.setAttribute("class", "arcs");
      this.arcs.setAttribute("aria-hidden", "true");
      this.hovered = null;
      this.tables = find("table", section).map((table) => new Table(this, table));
      this.listen();
      this.rove();
    }

    row(kind, index) {
      return document.getElementById(this.key + kind + index);
    }

    /* What a row is about: its words with their roles, and a task's own text. */
    parts(row) {
      const parts = (row.dataset.w || "").split(" ").filter(Boolean)
        .flatMap((item) => (this.words.get(item.slice(1)) || []).map((word) => [item[0], word]));
      const task = row.dataset.t;
      if (task !== undefined) {
        find(`.task[data-t="${task}"]`, this.article).forEach((text) => parts.unshift(["t", text]));
      }
      return parts;
    }

    light(row, name) {
      find("." + name, this.section).forEach((lit) => lit.classList.remove(name));
      if (row) {
        row.classList.add(name);
        this.parts(row).forEach(([, word]) => word.classList.add(name));
      }
      this.draw(row || this.selected);
    }

    select(row, target) {
      this.selected = row;
      this.light(row, "on");
      find("tr[aria-selected=true]", this.section).forEach((other) => other.setAttribute("aria-selected", "false"));
      if (!row) return;
      row.setAttribute("aria-selected", "true");
      this.open(row.closest(".pane"));
      const parts = this.parts(row);
      if (target !== "row" && parts.length) reveal(parts[0][1], this.reader);
      if (target !== "words") reveal(row, row.closest(".pane"));
      this.draw(row);
      history.replaceState(null, "", "#" + row.id);
    }

    open(pane) {
      this.panes.forEach((other) => other.classList.toggle("inactive", other !== pane));
      this.tabs.forEach((tab) => {
        const chosen = tab.getAttribute("aria-controls") === pane.id;
        tab.setAttribute("aria-selected", String(chosen));
        tab.tabIndex = chosen ? 0 : -1;
      });
      this.section.classList.toggle("on-tasks", pane === this.panes[1]);
      this.filter();
    }

    filter() {
      const words = this.section.querySelector(".find").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      const chosen = find(".by", this.section).filter((select) => select.value);
      this.tables.forEach((table) => table.filter(words, chosen));
      const table = this.tables[this.panes.findIndex((pane) => !pane.classList.contains("inactive"))];
      const all = table.rows.length, shown = table.visible().length;
      this.section.querySelector(".count").textContent = shown === all ? "" : `${shown} / ${all}`;
    }

    listen() {
      this.article.addEventListener("mouseover", (event) => this.hover(this.rowOf(event.target)));
      this.article.addEventListener("mouseleave", () => this.hover(null));
      this.article.addEventListener("focusin", (event) => this.hover(this.rowOf(event.target)));
      this.article.addEventListener("click", (event) => {
        const row = this.rowOf(event.target, true);
        if (!row) return;
        event.preventDefault();
        this.select(row, "row");
        if (event.detail === 0) row.focus({ preventScroll: true });
      });
      this.tabs.forEach((tab, index) => {
        tab.addEventListener("click", () => this.open(this.panes[index]));
        tab.addEventListener("keydown", (event) => {
          if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
          const other = this.tabs[1 - index];
          other.focus();
          other.click();
        });
      });
      find(".find, .by", this.section).forEach((control) => control.addEventListener("input", () => this.filter()));
      this.section.addEventListener("keydown", (event) => {
        if (event.key === "Escape") this.select(null);
      });
      new ResizeObserver(() => this.draw(this.selected)).observe(this.article);
    }

    hover(row) {
      if (row === this.hovered) return;
      this.hovered = row;
      this.light(row, "lit");
    }

    /* The row a word leads to; clicking it again goes on to its next fact. */
    rowOf(element, next) {
      const word = element.closest(".w[data-f], .w[data-t], .task");
      if (!word) return null;
      const facts = numbers(word.dataset.f);
      if (!facts.length) {
        const task = numbers(word.dataset.t)[0];
        return next || word.matches(".w") ? this.row("t", task) : null;
      }
      const now = this.selected ? facts.indexOf(Number(this.selected.dataset.f)) : -1;
      return this.row("f", facts[now >= 0 ? (now + (next ? 1 : 0)) % facts.length : 0]);
    }

    /* One tab stop for all numbers of the text; the arrow keys go from one to the next. */
    rove() {
      const stops = find("a.w", this.article);
      stops.forEach((stop, index) => { stop.tabIndex = index ? -1 : 0; });
      this.article.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        const stop = stops[stops.indexOf(event.target) + step];
        if (!step || !stop || !event.target.matches("a.w")) return;
        event.preventDefault();
        event.target.tabIndex = -1;
        stop.tabIndex = 0;
        stop.focus();
      });
    }

    draw(row) {
      this.arcs.replaceChildren();
      if (!row || row.dataset.f === undefined) return;
      const origin = this.article.getBoundingClientRect();
      const boxes = this.parts(row).map(([role, word]) => [role, box(word, origin)]);
      const quantity = boxes.find(([role]) => role === "q");
      if (!quantity || !origin.width) return;
      const named = boxes.filter(([role]) => role in ROLES);
      named.forEach(([role, at]) => this.link(role, quantity[1], at));
      named.forEach(([role, at]) => this.name(role, at));
    }

    link(role, from, to) {
      if (Math.hypot(from.middle - to.middle, from.top - to.top) < NEAR) return;
      const path = this.arcs.appendChild(document.createElementNS(SVG, "path"));
      path.setAttribute("class", "arc " + role);
      path.setAttribute("d", curve(from, to));
    }

    /* The role of a word, in small letters above it. */
    name(role, at) {
      const label = this.arcs.appendChild(document.createElementNS(SVG, "text"));
      label.setAttribute("class", "role " + role);
      label.setAttribute("x", at.middle);
      label.setAttribute("y", at.top - 3);
      label.textContent = ROLES[role][english ? 1 : 0];
    }
  }

  class Table {
    constructor(page, table) {
      this.page = page;
      this.body = table.tBodies[0];
      this.rows = [...this.body.rows];
      this.headers = [...table.tHead.rows[0].cells];
      table.setAttribute("role", "grid");
      this.rows.forEach((row, index) => {
        row.tabIndex = index ? -1 : 0;
        row.setAttribute("aria-selected", "false");
        row.querySelectorAll("td.number a").forEach((link) => { link.tabIndex = -1; });
      });
      this.headers.forEach((header, column) => this.sortable(header, column));
      this.listen();
    }

    visible() {
      return [...this.body.rows].filter((row) => !row.classList.contains("out"));
    }

    /* No form control in the header: browsers leave those out where print repeats it on each page. */
    sortable(header, column) {
      const button = document.createElement("span");
      button.setAttribute("role", "button");
      button.tabIndex = 0;
      button.textContent = header.textContent;
      if (header.dataset.en) button.dataset.en = header.dataset.en;
      header.removeAttribute("data-en");
      header.replaceChildren(button);
      const sort = () => {
        const descending = header.getAttribute("aria-sort") === "ascending";
        this.headers.forEach((other) => other.removeAttribute("aria-sort"));
        header.setAttribute("aria-sort", descending ? "descending" : "ascending");
        this.sort(column, descending ? -1 : 1);
      };
      button.addEventListener("click", sort);
      button.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        sort();
      });
    }

    sort(column, sign) {
      const keyed = this.rows.map((row) => [row.cells[column].dataset.v || "", row]);
      const numeric = keyed.every(([key]) => key === "" || !isNaN(key));
      const order = new Intl.Collator("zh-Hans", { numeric: true });
      const compare = numeric ? (one, other) => one - other : (one, other) => order.compare(one, other);
      keyed.sort(([one], [other]) => (one === "") - (other === "") || sign * compare(one, other));
      this.body.append(...keyed.map(([, row]) => row));
    }

    filter(words, chosen) {
      this.rows.forEach((row) => {
        row.text = row.text || row.textContent.toLowerCase();
        const fits = words.every((word) => row.text.includes(word))
          && chosen.every((select) => (row.dataset[select.dataset.by] || select.value) === select.value);
        row.classList.toggle("out", !fits);
      });
    }

    listen() {
      const page = this.page;
      const rowAt = (event) => event.target.closest("tbody tr");
      this.body.addEventListener("mouseover", (event) => page.hover(rowAt(event)));
      this.body.addEventListener("mouseleave", () => page.hover(null));
      this.body.addEventListener("click", (event) => {
        const inner = event.target.closest(".inside a");
        const row = inner ? document.getElementById(inner.hash.slice(1)) : rowAt(event);
        event.preventDefault();
        if (!getSelection().isCollapsed) return;
        page.select(row, inner ? "both" : "words");
        this.focus(row);
      });
      this.body.addEventListener("keydown", (event) => this.key(event, rowAt(event)));
    }

    key(event, row) {
      const rows = this.visible();
      const here = rows.indexOf(row);
      const next = {
        ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: rows.length - 1, Enter: here, " ": here,
      }[event.key];
      if (next === undefined || event.target.closest(".inside a") || !rows[next]) return;
      event.preventDefault();
      this.focus(rows[next]);
      this.page.select(rows[next], "both");
    }

    focus(row) {
      find("tr[tabindex='0']", row.parentNode).forEach((other) => { other.tabIndex = -1; });
      row.tabIndex = 0;
      row.focus({ preventScroll: true });
    }
  }

  function box(word, origin) {
    const rect = word.getClientRects()[0] || word.getBoundingClientRect();
    const left = rect.left - origin.left, top = rect.top - origin.top;
    return { middle: left + rect.width / 2, top, bottom: top + rect.height };
  }

  /* An arch over one line, or a curve from line to line. */
  function curve(from, to) {
    if (Math.abs(from.top - to.top) < 6) {
      const rise = from.top - Math.min(14, 5 + Math.abs(from.middle - to.middle) / 14);
      return `M${from.middle},${from.top} C${from.middle},${rise} ${to.middle},${rise} ${to.middle},${to.top}`;
    }
    const down = to.top > from.top;
    const start = down ? from.bottom : from.top, end = down ? to.top : to.bottom;
    const bend = (down ? 1 : -1) * Math.max(12, Math.abs(end - start) / 2);
    return `M${from.middle},${start} C${from.middle},${start + bend} ${to.middle},${end - bend} ${to.middle},${end}`;
  }

  /* Scroll a pane so that the element stands in its middle; glide only when it is near. */
  function reveal(element, pane) {
    const scrolls = pane.scrollHeight > pane.clientHeight && getComputedStyle(pane).overflowY !== "visible";
    const frame = scrolls ? pane.getBoundingClientRect() : { top: 0, height: innerHeight };
    const rect = element.getBoundingClientRect();
    const by = rect.top + rect.height / 2 - frame.top - frame.height / 2;
    const near = Math.abs(by) < 2 * frame.height && !calm.matches;
    (scrolls ? pane : window).scrollBy({ top: by, behavior: near ? "smooth" : "auto" });
  }

  const sheets = new Map();
  const opened = new Map();

  /* Take up a section of the page; documents may come while it is open. */
  function add(sheet) {
    sheets.set(sheet.id, sheet);
    if (english) translate(sheet);
  }

  function remove(key) {
    sheets.delete(key);
    opened.delete(key);
  }

  function show(key) {
    sheets.forEach((sheet, other) => sheet.classList.toggle("current", other === key));
    find(".docs a").forEach((link) => {
      const chosen = link.hash === "#" + key;
      chosen ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
      if (chosen) link.closest("li").scrollIntoView({ block: "nearest", inline: "nearest" });
    });
    const sheet = sheets.get(key);
    if (sheet.matches(".doc") && !opened.has(key)) opened.set(key, new Page(sheet));
    return opened.get(key);
  }

  function follow() {
    const target = document.getElementById(location.hash.slice(1));
    const sheet = target && target.closest("main > section");
    if (!sheet) return show(sheets.keys().next().value);
    const page = show(sheet.id);
    if (target.matches("tbody tr")) page.select(target, "both");
    else if (target !== sheet) reveal(target, page.reader);
    return page;
  }

  /* Exchange the words of every label for those of the other language, which data-en keeps. */
  function translate(root) {
    find("[data-en]", root).forEach((element) => {
      const words = element.textContent;
      element.textContent = element.dataset.en;
      element.dataset.en = words;
    });
    find("[data-en-placeholder]", root).forEach((element) => {
      const words = element.placeholder;
      element.placeholder = element.dataset.enPlaceholder;
      element.dataset.enPlaceholder = words;
    });
  }

  function speak() {
    english = !english;
    translate(document);
    const button = document.querySelector(".language");
    button.textContent = english ? "中文" : "EN";
    button.lang = english ? "zh-Hans" : "en";
    button.title = english ? "标签改用中文" : "Switch the labels to English";
    opened.forEach((page) => page.draw(page.selected));
  }

  /* Label an element in the language that is on. */
  function label(element, chinese, inEnglish) {
    element.textContent = english ? inEnglish : chinese;
    element.dataset.en = english ? chinese : inEnglish;
  }

  document.querySelector(".language").addEventListener("click", speak);
  addEventListener("hashchange", follow);
  find("main > section").forEach(add);
  if (sheets.size) follow();
  window.govie = { add, remove, show, label }; // for a page that takes documents
});
