"use strict";
/* Takes text and files, asks the service for their sections of the page, and adds those.
   The documents' own script is report.js; what was sent stays here for the downloads. */
document.addEventListener("DOMContentLoaded", () => {
  const { add, remove, show, label } = window.govie;
  const one = (selector) => document.querySelector(selector);
  const form = one(".composer"), text = form.elements.text, files = form.elements.files;
  const limit = Number(form.dataset.limit), megabytes = form.dataset.megabytes;
  const main = one("main"), chooser = one(".docs ol"), notices = one(".notices"), menu = one(".menu"), work = one(".work");
  const sources = new Map(); // what each document on the page was made from, by its key
  const waiting = [];
  const UNANSWERED = ["服务没有应答。", "The service does not answer.", "govie serve 还在运行吗？", "Is govie serve still running?"];
  let numbered = 0, done = 0, running = null;

  /* Sources go one by one, so that each result shows as soon as it is there. */
  async function extract(given) {
    waiting.push(...given.filter(fits));
    if (running || !waiting.length) return;
    running = new AbortController();
    done = 0;
    let shown = false;
    while (waiting.length && !running.signal.aborted) {
      const source = waiting.shift();
      report(done, done + 1 + waiting.length);
      const key = await take(source);
      done += 1;
      if (key && !shown) { open(key); shown = true; }
    }
    waiting.length = 0;
    running = null;
    rest();
  }

  function fits(source) {
    const small = !source.file || source.file.size <= limit;
    if (!small) {
      notify(source.name, [`大于 ${megabytes} MB，没有发送。`, `Larger than ${megabytes} MB; not sent.`,
        "请用命令 govie extract。", "Use the command govie extract."]);
    }
    return small;
  }

  /* Send one source, take over what comes back, and return the key of its document. */
  async function take(source) {
    const body = new FormData();
    put(body, source);
    body.append("first", numbered);
    const reply = await ask(form.action, body, source.name);
    if (!reply) return null;
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    notices.append(...[...page.querySelectorAll(".notice")].map((notice) => dismissible(document.adoptNode(notice))));
    const section = page.querySelector(".doc");
    if (!section) return null;
    numbered += 1;
    adopt(document.adoptNode(section), document.adoptNode(page.querySelector(`.docs a[href="#${section.id}"]`).closest("li")));
    sources.set(section.id, source);
    if (source.text !== undefined && text.value === source.text) text.value = "";
    return section.id;
  }

  function put(body, source) {
    source.file ? body.append("files", source.file, source.name) : body.append("text", source.text);
  }

  /* The answer, or null after telling what went wrong. */
  async function ask(address, body, name) {
    try {
      const reply = await fetch(address, { method: "POST", body, signal: running.signal });
      if (reply.ok || (reply.headers.get("content-type") || "").startsWith("text/html")) return reply;
      const { error, hint } = await reply.json();
      notify(name, [error, error, hint, hint]);
    } catch (error) {
      if (error.name !== "AbortError") notify(name, UNANSWERED);
    }
    return null;
  }

  function adopt(section, item) {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "close";
    close.textContent = "×";
    close.setAttribute("aria-label", "关闭 close: " + item.textContent.trim());
    close.addEventListener("click", () => drop(section, item));
    item.append(close);
    main.append(section);
    chooser.append(item);
    add(section);
    sum();
  }

  function drop(section, item) {
    const next = (item.nextElementSibling || item.previousElementSibling).querySelector("a");
    const current = section.classList.contains("current");
    remove(section.id);
    sources.delete(section.id);
    section.remove();
    item.remove();
    sum();
    if (current) open(next.hash.slice(1));
    next.focus();
  }

  function open(key) {
    history.replaceState(null, "", "#" + key);
    show(key);
    const section = document.getElementById(key);
    (section.querySelector(".reader") || text).focus({ preventScroll: true });
  }

  function sum() {
    const counts = [".doc", ".facts tbody tr", ".tasks tbody tr"].map((rows) => main.querySelectorAll(rows).length);
    document.querySelectorAll(".sum b").forEach((place, index) => { place.textContent = counts[index]; });
    document.body.classList.toggle("empty", !counts[0]);
    menu.hidden = !counts[0];
    if (!counts[0]) menu.open = false;
  }

  function report(at, of) {
    work.hidden = false;
    const bar = work.querySelector("progress");
    of > 1 ? (bar.max = of, bar.value = at) : bar.removeAttribute("value");
    label(work.querySelector(".doing"), `正在提取 ${at + 1} / ${of} …`, `Extracting ${at + 1} of ${of} …`);
    form.setAttribute("aria-busy", "true");
  }

  function rest() {
    work.hidden = true;
    form.removeAttribute("aria-busy");
  }

  function notify(name, [chinese, english, hint, hintInEnglish]) {
    const notice = document.createElement("li");
    notice.className = "notice";
    const parts = [["b", name, name], ["span", chinese, english], ["small", hint, hintInEnglish]];
    parts.filter(([, words]) => words).forEach(([tag, words, inEnglish]) => {
      const part = notice.appendChild(document.createElement(tag));
      words === inEnglish ? (part.textContent = words) : label(part, words, inEnglish);
      notice.append(" ");
    });
    notices.append(dismissible(notice));
  }

  function dismissible(notice) {
    const close = notice.appendChild(document.createElement("button"));
    close.type = "button";
    close.className = "close";
    close.textContent = "×";
    close.setAttribute("aria-label", "关闭 dismiss");
    close.addEventListener("click", () => notice.remove());
    return notice;
  }

  function fileSources(list) {
    return [...list].map((file) => ({ file, name: file.name }));
  }

  async function download(button) {
    if (running) return;
    const scope = menu.querySelector("[name=scope]:checked").value;
    const chosen = [...sources].filter(([key]) => scope === "all" || document.getElementById(key).classList.contains("current"));
    if (!chosen.length) return;
    const body = new FormData();
    chosen.forEach(([, source]) => put(body, source));
    running = new AbortController();
    work.hidden = false;
    work.querySelector("progress").removeAttribute("value");
    label(work.querySelector(".doing"), "正在准备下载 …", "Preparing the download …");
    const { form: kind, content } = button.dataset;
    const reply = await ask(`v1/documents?format=${kind}&content=${content || "facts"}`, body, button.textContent);
    if (reply) await save(reply, content ? `govie-${content}.${kind}` : `govie.${kind}`);
    running = null;
    rest();
    menu.open = false;
  }

  async function save(reply, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await reply.blob());
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (text.value.trim()) extract([{ text: text.value, name: text.value.trim().slice(0, 24) }]);
    else text.focus();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  files.addEventListener("change", () => {
    extract(fileSources(files.files));
    files.value = "";
  });
  one(".try").addEventListener("click", () => {
    text.value = one("#example").content.textContent;
    text.focus();
  });
  one(".cancel").addEventListener("click", () => running && running.abort());

  const carriesFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    document.body.classList.add("dragging");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dragging");
  });
  addEventListener("drop", (event) => {
    document.body.classList.remove("dragging");
    if (!carriesFiles(event)) return;
    event.preventDefault();
    extract(fileSources(event.dataTransfer.files));
  });
  addEventListener("paste", (event) => {
    if (event.clipboardData.files.length) extract(fileSources(event.clipboardData.files));
  });

  menu.querySelectorAll("[data-form]").forEach((button) => button.addEventListener("click", () => download(button)));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  sum();
});
