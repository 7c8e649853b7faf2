"use strict";
// The plan editor: line numbers with marks, jumps to a line, a download, and a draft that outlives a reload.
const fairwayPlan = (() => {
  const KEPT = "fairway.plan";
  const SIGNS = { refuse: "✗", unreadable: "✗", warn: "‖", accepted: "✓" };
  const area = () => document.querySelector("textarea.plan-text");
  const gutter = () => document.querySelector(".plan-lines");
  let found = [];

  function number() {
    const text = area(), place = gutter();
    if (!text || !place) return;
    const count = text.value.split("\n").length;
    const marks = new Map();
    found.forEach(([line, severity, what]) => {
      const known = marks.get(line);
      if (!known || severity === "refuse" || severity === "unreadable") marks.set(line, { severity, what });
    });
    place.replaceChildren(...Array.from({ length: count }, (_, at) => {
      const one = document.createElement("div"), mark = marks.get(at + 1);
      one.textContent = mark ? `${SIGNS[mark.severity]} ${at + 1}` : String(at + 1);
      if (mark) { one.className = `marked ${mark.severity}`; one.title = mark.what; }
      return one;
    }));
    place.scrollTop = text.scrollTop;
  }

  function mark(lines) {
    found = lines;
    number();
  }

  function toLine(line) {
    const text = area(), lines = text.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    text.focus();
    text.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
    const height = text.scrollHeight / lines.length;
    text.scrollTop = Math.max(0, (line - 6) * height);
  }

  // A draft is kept for the address that it was begun at, as long as the tab is open.
  function restored() {
    const kept = sessionStorage.getItem(KEPT + location.search), text = area();
    if (!text || kept === null || kept === text.value) return;
    text.value = kept;
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("input", (event) => {
    if (!event.target.matches?.("textarea.plan-text")) return;
    sessionStorage.setItem(KEPT + location.search, event.target.value);
    number();
  });
  document.addEventListener("scroll", (event) => {
    if (event.target.matches?.("textarea.plan-text")) gutter().scrollTop = event.target.scrollTop;
  }, true);
  document.addEventListener("click", (event) => {
    const line = event.target.closest?.(".to-line");
    if (line) toLine(Number(line.dataset.line));
    else if (event.target.closest?.(".plan-download")) fairway.download("plan.yaml", area().value, "application/yaml");
  });
  return { mark, restored };
})();
