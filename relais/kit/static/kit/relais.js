/* Relais: what a script adds. Every page works without it. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const typing = (node) => node.matches("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]");

  const say = (text) => {
    const live = $("#live");
    if (!live || !text) return;
    live.textContent = "";
    requestAnimationFrame(() => { live.textContent = text; });
  };

  /* After a page or a part arrives: errors and marked elements take the focus, marked texts are read aloud. */
  const arrive = (root) => {
    const first = root.matches && root.matches("[data-focus]") ? root : $(".error-summary, [data-focus]", root);
    if (first) first.focus();
    const spoken = root.matches && root.matches("[data-announce]") ? root : $("[data-announce]", root);
    if (spoken && root !== document) say(spoken.dataset.announce || spoken.textContent.trim());
  };

  /* Menus: one open at a time, closed by Escape or a click elsewhere. */
  const closeMenus = (except) => $$("details.menu[open], details.confirm[open]").forEach((menu) => {
    if (menu !== except && !menu.contains(except)) menu.open = false;
  });
  document.addEventListener("click", (event) => {
    closeMenus(event.target);
    const print = event.target.closest("[data-print]");
    if (print) window.print();
    const copy = event.target.closest("[data-copy]");
    if (copy) navigator.clipboard.writeText(copy.dataset.copy || location.href).then(() => say(copy.dataset.done));
    const all = event.target.closest("[data-check-all]");
    if (all) $$(`input[name="${all.dataset.checkAll}"]`).forEach((box) => { if (!box.disabled) box.checked = all.checked; });
  });

  /* Links of the error summary lead to the field itself. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".error-summary a");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.scrollIntoView({ block: "center" });
  });

  /* A form is sent once. Its buttons come back if the page is shown again. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
    say(document.body.dataset.sent);
    /* Disabled after the browser has read the name of the pressed button. */
    setTimeout(() => $$("button", form).forEach((button) => { button.disabled = true; }), 0);
  });
  const release = (form) => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
    $$("button", form).forEach((button) => { button.disabled = false; });
  };
  window.addEventListener("pageshow", (event) => { if (event.persisted) $$("form[data-sent]").forEach(release); });

  /* Forms that send themselves: after a change, and after a pause in typing. */
  let pause;
  const send = (field) => { if (field.form && !field.form.hasAttribute("hx-get") && !field.form.hasAttribute("hx-post")) field.form.requestSubmit(); };
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-autosubmit]")) { clearTimeout(pause); send(event.target); }
  });

  /* Validation by keyboard: j and k (or arrows) move between lines, the letters of the buttons act on the line.
     Letters count only while the focus is inside the queue and not in a field. */
  const focusItem = (items, index) => {
    const item = items[Math.max(0, Math.min(index, items.length - 1))];
    if (item) { item.focus(); item.scrollIntoView({ block: "nearest" }); }
  };
  const queueKey = (event, queue) => {
    const items = $$("[data-queue-item]", queue);
    const item = event.target.closest("[data-queue-item]");
    const at = items.indexOf(item);
    if (event.key === "j" || event.key === "ArrowDown") { focusItem(items, at + 1); return true; }
    if (event.key === "k" || event.key === "ArrowUp") { focusItem(items, at < 0 ? 0 : at - 1); return true; }
    if (!/^[a-z0-9]$/i.test(event.key)) return false;
    const act = $(`[data-key="${event.key.toLowerCase()}"]`, item || queue) || $(`[data-key="${event.key.toLowerCase()}"]`, queue);
    if (!act || act.disabled) return false;
    queue.dataset.at = String(Math.max(at, 0));
    if (act.matches("input, select, textarea")) act.focus(); else act.click();
    return true;
  };

  /* A grid of hours: Enter and the vertical arrows move along the column. */
  const gridKey = (event, grid) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
    const cell = event.target.closest("td, th");
    const row = cell && cell.parentElement;
    if (!step || !row || event.target.matches("select, textarea")) return false;
    const rows = $$("tr", grid);
    for (let i = rows.indexOf(row) + step; i >= 0 && i < rows.length; i += step) {
      const field = rows[i].cells[cell.cellIndex] && $("input:not([disabled])", rows[i].cells[cell.cellIndex]);
      if (field) { field.focus(); if (field.select) field.select(); return true; }
    }
    return event.key === "Enter";
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = event.target.closest("details.menu[open], details.confirm[open]");
      if (menu) { menu.open = false; $("summary", menu).focus(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const grid = event.target.closest("[data-grid]");
    if (grid && event.target.matches("input") && gridKey(event, grid)) { event.preventDefault(); return; }
    const queue = event.target.closest("[data-queue]");
    if (queue && !typing(event.target) && queueKey(event, queue)) event.preventDefault();
  });

  /* htmx: parts that arrive are prepared as pages are; failures are said, nothing is lost. */
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.elt;
    if (part && part.isConnected) arrive(part);
    $$("[data-queue][data-at]").forEach((queue) => {
      const at = Number(queue.dataset.at);
      delete queue.dataset.at;
      if (!queue.contains(document.activeElement)) focusItem($$("[data-queue-item]", queue), at);
    });
  });
  /* What is typed while its part is refreshed stays, and is sent on leaving the field. */
  let typed = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const field = document.activeElement;
    const sent = event.detail.requestConfig && event.detail.requestConfig.formData;
    const kept = field && field.id && field.name && sent && field.matches("input, textarea") && typing(field) && event.detail.target.contains(field);
    typed = kept && sent.get(field.name) !== field.value ? { id: field.id, value: field.value } : null;
  });
  document.addEventListener("htmx:afterSwap", () => {
    const field = typed && document.getElementById(typed.id);
    if (field && field.value !== typed.value) {
      field.value = typed.value;
      const left = () => field.dispatchEvent(new Event("change", { bubbles: true }));
      field.addEventListener("blur", left, { once: true });
      field.addEventListener("change", () => field.removeEventListener("blur", left), { once: true });
    }
    typed = null;
  });
  document.addEventListener("htmx:afterRequest", (event) => { const form = event.detail.elt && event.detail.elt.closest("form"); if (form) release(form); });
  const failed = () => {
    const text = document.body.dataset.failed;
    say(text);
    const main = $("main");
    if (!main) return;
    const box = $(".notice.bad[data-failure]") || document.createElement("div");
    box.className = "notice bad";
    box.dataset.failure = "";
    box.textContent = text;
    main.prepend(box);
    box.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);

  arrive(document);
})();
