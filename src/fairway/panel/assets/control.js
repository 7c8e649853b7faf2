"use strict";
// Leads from a mistake in the configuration to its line.
const fairwayControl = (() => {
  function line(number) {
    const area = document.querySelector(".control textarea.text");
    if (!area || number < 1) return;
    const lines = area.value.split("\n");
    const start = lines.slice(0, number - 1).reduce((sum, each) => sum + each.length + 1, 0);
    area.focus();
    area.setSelectionRange(start, start + (lines[number - 1] ?? "").length);
    area.scrollTop = Math.max(0, (number - 6) * (area.scrollHeight / lines.length));
  }
  return { line };
})();
