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
    list.dataset.at = String(stays && !ticked ? at + 1 : at);
    button.click();
    return true;
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
    if (button.hasAttribute("data-triage-alone")) { button.click(); return true; }
    return press(list, row, button, button.hasAttribute("data-triage-stays"));
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const list = event.target.closest("[data-triage]");
    if (list && !typing(event.target) && onKey(event, list)) event.preventDefault();
  });
})();
