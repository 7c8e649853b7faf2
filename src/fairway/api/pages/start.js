"use strict";
// What the server says is put in as text, never as markup: a name from outside cannot become a script.
const at = (id) => document.getElementById(id);
const EVERY_MS = 3000;
let timer = 0;

async function ask(path, options = {}) {
  const answer = await fetch(path, { headers: { "Content-Type": "application/json" }, ...options });
  const body = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(body.detail), { status: answer.status });
  return body;
}

const post = (path, body) => ask(path, { method: "POST", body: JSON.stringify(body) });
const money = (amount) => (amount === null ? "unknown" : `${amount.value} ${amount.asset}`);

function rows(id, lists, none) {
  const width = at(id).closest("table").querySelectorAll("th").length;
  at(id).replaceChildren(...(lists.length ? lists : [[none]]).map((cells) => {
    const row = document.createElement("tr");
    cells.forEach((text) => { row.insertCell().textContent = text; });
    if (cells.length < width) row.cells[0].colSpan = width;
    return row;
  }));
}

async function refresh() {
  try {
    const portfolio = await ask("/api/v1/portfolio");
    rows("accounts", portfolio.accounts.map((each) => [
      each.account, money(each.worth), money(each.today.result), money(each.in_all.result), each.stage || "none",
      each.why_not ? `no: ${each.why_not}` : "yes",
    ]), "no account has been started yet");
    rows("positions", portfolio.accounts.flatMap((each) => each.positions).map((held) => [
      held.account, held.symbol, money(held.quantity), held.entry, held.mark ?? "unknown", money(held.result),
      held.stop ?? "NONE", held.target ?? "none",
    ]), "nothing is held");
    const launch = await ask("/api/v1/launch").catch((error) => ({ explanation: [error.message] }));
    at("launch").textContent = launch.explanation.join("\n");
    at("trouble").textContent = "";
  } catch (error) {
    at("trouble").textContent = error.message;
    if (error.status === 401) show(null);
  }
}

function show(session) {
  clearInterval(timer);
  at("sign-in").hidden = session !== null;
  at("out").hidden = session === null;
  at("who").textContent = session ? `${session.user}, ${session.role}` : "";
  at("set-password").hidden = !session?.must_set_password;
  at("system").hidden = session === null || session.must_set_password;
  if (session && !session.must_set_password) {
    refresh();
    timer = setInterval(refresh, EVERY_MS);
  }
}

function submits(id, act) {
  at(id).addEventListener("submit", async (event) => {
    event.preventDefault();
    at("trouble").textContent = "";
    const form = event.target;
    try {
      await act(Object.fromEntries(new FormData(form)));
    } catch (error) {
      at("trouble").textContent = error.message;
    }
    form.querySelectorAll("[type=password]").forEach((input) => { input.value = ""; });
  });
}

function commands(id, path, question) {
  at(id).addEventListener("click", async () => {
    const reason = window.prompt(question);
    if (!reason) return;
    at("command").textContent = "asked; waiting for the answer …";
    try {
      const accepted = await ask(path, {
        method: "POST",
        headers: { "Content-Type": "application/json", Prefer: "wait=20" },
        body: JSON.stringify({ reason }),
      });
      at("command").textContent = `${accepted.state}: ${accepted.sentences.join(" ")}`;
    } catch (error) {
      at("command").textContent = error.message;
    }
    refresh();
  });
}

let user = "";
submits("sign-in", async (given) => {
  user = given.user;
  show(await post("/api/v1/session", given));
});
submits("set-password", async (given) => {
  await post("/api/v1/password", given);
  show(await post("/api/v1/session", { user, password: given.password }));
});
at("out").addEventListener("click", async () => {
  await ask("/api/v1/session", { method: "DELETE" });
  show(null);
});
commands("pause", "/api/v1/commands/pause", "Nothing is opened until it is lifted; stops and targets stay. Why?");
commands("kill", "/api/v1/commands/kill", "The bot stops for good; what protects positions stays at the exchange. Why?");
ask("/api/v1/session").then((session) => { user = session.user; show(session); }, () => show(null));
