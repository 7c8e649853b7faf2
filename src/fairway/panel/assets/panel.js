"use strict";
// What every page does by itself: the clock, ages, local times, keys, the theme, and to know that it is stale.
const fairway = (() => {
  const STALE_MS = 4000;
  let heard = Date.now();
  const at = (one) => document.querySelector(one);
  const all = (one) => document.querySelectorAll(one);

  function aged(ms) {
    const s = Math.max(0, ms) / 1000;
    if (s < 10) return `${s.toFixed(1)} s ago`;
    if (s < 120) return `${Math.round(s)} s ago`;
    if (s < 7200) return `${Math.round(s / 60)} min ago`;
    return s < 172800 ? `${Math.round(s / 3600)} h ago` : `${Math.round(s / 86400)} d ago`;
  }

  function tick() {
    if (!document.body) return; // the page is not there yet
    const now = Date.now();
    const clock = at(".clock");
    if (clock) clock.textContent = `UTC ${new Date(now).toISOString().slice(11, 19)}`;
    all(".age[data-at]").forEach((one) => { one.textContent = aged(now - Number(one.dataset.at)); });
    const stale = now - heard > STALE_MS;
    if (stale !== document.body.classList.contains("stale")) {
      document.body.classList.toggle("stale", stale);
      const stream = at(".stream");
      if (stream) stream.textContent = stale ? `◌ stale since ${new Date(heard).toISOString().slice(11, 19)}` : "● live";
    }
  }

  function unseen(why) {
    const one = at("p.trouble");
    one.hidden = !why;
    one.textContent = why ? `What is shown is not current: ${why}` : "";
    document.body.classList.toggle("unseen", Boolean(why));
  }

  function themed(dark) {
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    document.body?.classList.toggle("body--dark", dark);
    document.body?.classList.toggle("body--light", !dark);
  }

  const isDark = () => {
    const chosen = localStorage.getItem("fairway.theme");
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };

  function theme() {
    localStorage.setItem("fairway.theme", isDark() ? "light" : "dark");
    themed(isDark());
    window.dispatchEvent(new Event("fairway-theme"));
  }

  function coloured() {
    document.documentElement.dataset.colours = localStorage.getItem("fairway.colours") ?? "usual";
  }

  function colours() {
    localStorage.setItem("fairway.colours", localStorage.getItem("fairway.colours") === "blind" ? "usual" : "blind");
    coloured();
    window.dispatchEvent(new Event("fairway-theme"));
  }

  async function signOut(everywhere) {
    await fetch(`/api/v1/session${everywhere ? "?everywhere=true" : ""}`, { method: "DELETE" });
    location.assign("/");
  }

  async function post(path, body) {
    const answer = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error((await answer.json()).detail ?? "the server did not answer as it should; try again");
  }

  // By a request of its own, so that no password goes over the page's stream; the page then has the fresh sign-in too.
  async function signInAgain(form) {
    const fields = ["password", "code"].map((name) => form.elements.namedItem(`again-${name}`));
    const [password, code] = fields.map((one) => one.value);
    fields.forEach((one) => { one.value = ""; });
    await post("/api/v1/session", { user: at("header .who summary").textContent.trim(), password, code });
    await post("/panel/renewed", { client: window.clientId });
  }

  // Before a dialog's command is sent: signs in again where its form asks for that. What came of it, "" where nothing was asked.
  async function confirmed(event) {
    event.preventDefault();
    if (!event.target.querySelector(".again input")) return "";
    try {
      await signInAgain(event.target);
      return "signed in";
    } catch (error) {
      return error.message;
    }
  }

  const ended = () => location.assign(`/?next=${encodeURIComponent(location.pathname + location.search)}&why=ended`);

  let after = "";
  function key(event) {
    if (event.target.closest("input, textarea, select, [contenteditable]") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (after === "g") {
      after = "";
      at(`nav [data-key="${CSS.escape(event.key)}"]`)?.click();
      return;
    }
    if (event.key === "g") after = "g";
    else if (event.key === "k") at("header .kill")?.click();
    else if (event.key === "/") { const box = at("main input[type=search]"); if (box) { event.preventDefault(); box.focus(); } }
    else if (event.key === "?") at("dialog.keys")?.showModal();
  }

  function local(event) {
    const one = event.target.closest?.("time[datetime]");
    if (one) one.title = one.dateTime ? `${one.dateTime.replace("Z", "")} UTC, here ${new Date(one.dateTime).toLocaleString()}` : "";
  }

  function flashed(changes) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    changes.forEach((change) => {
      const one = change.target.parentElement?.closest(".live") ?? change.target.closest?.(".live");
      if (!one || one.closest(".bar, .headline, .where-now")) return;  // what the clock changes all the time
      one.animate([{ backgroundColor: "var(--flash)" }, { backgroundColor: "transparent" }], { duration: 700 });
    });
  }

  function remember(cookie, value) {
    document.cookie = `${cookie}=${encodeURIComponent(value)}; path=/panel; max-age=31536000; samesite=strict`;
  }

  function download(name, text, type) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  // What came of it. There is no clipboard on plain http off this machine, and a person may forbid it.
  async function copyCsv(name, text) {
    try {
      await navigator.clipboard.writeText(text);
      return "copied";
    } catch {
      download(`${name}.csv`, text, "text/csv");
      return "downloaded";
    }
  }

  function opened() {
    heard = Date.now();
    themed(isDark());
    tick();
    window.socket?.on("beat", () => { heard = Date.now(); });
    const main = at("main");
    if (main) new MutationObserver(flashed).observe(main, { characterData: true, subtree: true });
  }

  document.addEventListener("DOMContentLoaded", () => themed(isDark()));
  document.addEventListener("keydown", key);
  document.addEventListener("mouseover", local);
  document.addEventListener("focusin", local);
  setInterval(tick, 1000);
  themed(isDark());
  coloured();
  return { opened, colours, unseen, theme, signOut, ended, remember, copyCsv, download, signInAgain, confirmed };
})();
