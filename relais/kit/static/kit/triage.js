/* Rows sorted by keyboard: a letter acts on the rows ticked, or on the row that has the focus when none is.
   The page works without it: boxes and buttons do the same. Moving between rows is done by relais.js. */
(() => {
  "use strict";
  const typing = (node) => node.matches("input:not([type=checkbox]), select, textarea");
  const boxes = (list) => Array.from(list.querySelectorAll("[data-queue-item] input[type=checkbox]"));

  const press = (list, row, button, stays) => {
    const ticked = boxes(list).some((box) => box.checked);
    const own = row && row.querySelector("input[type=checkbox]");
    if (!ticked) {
      if (!own) return false;
      own.checked = true;
    }
    const rows = Array.from(list.querySelectorAll("[data-queue-item]"));
    const at = Math.max(rows.indexOf(row), 0);
    list.dataset.goes = String(stays && !ticked ? at + 1 : at);
    button.click();
    return true;
  };

  /* From page to page: the focus goes to the first row of the next page, to the last of the previous one. */
  const turn = (list, way) => {
    const link = list.querySelector(`.pager [rel="${way}"]`);
    if (!link) return false;
    list.dataset.goes = way === "next" ? "0" : "9999";
    link.click();
    return true;
  };
  const atTheEdge = (event, list) => {
    const rows = Array.from(list.querySelectorAll("[data-queue-item]"));
    const row = event.target.closest("[data-queue-item]");
    if (!row) return "";
    if (["j", "ArrowDown"].includes(event.key) && row === rows[rows.length - 1]) return "next";
    return ["k", "ArrowUp"].includes(event.key) && row === rows[0] ? "prev" : "";
  };

  const onKey = (event, list) => {
    const row = event.target.closest("[data-queue-item]");
    const key = event.key.toLowerCase();
    if (key === "x" || (key === " " && event.target === row)) {
      const box = row && row.querySelector("input[type=checkbox]");
      if (!box) return false;
      box.checked = !box.checked;
      return true;
    }
    if (key === "n" || key === "p") return turn(list, key === "n" ? "next" : "prev");
    if (key === "o" && row) {
      const link = row.querySelector("a");
      if (link) link.click();
      return Boolean(link);
    }
    const choice = list.querySelector(`option[data-triage-choice="${key}"]`);
    if (choice) {
      choice.parentElement.value = choice.value;
      const reject = list.querySelector('[data-triage-key="reject"]');
      return Boolean(reject) && press(list, row, reject, false);
    }
    const button = list.querySelector(`[data-triage-key="${key}"]`);
    if (!button || button.disabled) return false;
    if (button.hasAttribute("data-triage-alone")) {
      list.dataset.goes = String(Math.max(Array.from(list.querySelectorAll("[data-queue-item]")).indexOf(row), 0));
      button.click();
      return true;
    }
    return press(list, row, button, button.hasAttribute("data-triage-stays"));
  };

  /* Seen before the keys that move between rows: past the last row comes the next page. */
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const list = event.target.closest("[data-triage]");
    const way = list && !typing(event.target) && atTheEdge(event, list);
    if (way && turn(list, way)) { event.preventDefault(); event.stopPropagation(); }
  }, true);

  /* After the rows have moved: the focus goes where the key said, and the box that ticks all is cleared. */
  document.addEventListener("htmx:afterSettle", () => {
    const list = document.querySelector("[data-triage][data-goes]");
    if (!list) return;
    const rows = list.querySelectorAll("[data-queue-item]");
    const row = rows[Math.min(Number(list.dataset.goes), rows.length - 1)];
    delete list.dataset.goes;
    const all = list.querySelector("[data-check-all]");
    if (all) all.checked = false;
    if (row) { row.focus(); row.scrollIntoView({ block: "nearest" }); }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const list = event.target.closest("[data-triage]");
    if (list && !typing(event.target) && onKey(event, list)) event.preventDefault();
  });
})();
