"use strict";
// What the server says is put in as text, never as markup: a name from outside cannot become a script.
const at = (id) => document.getElementById(id);
const given = new URLSearchParams(location.search);
let user = "";

async function ask(path, options = {}) {
  const answer = await fetch(path, { headers: { "Content-Type": "application/json" }, ...options });
  const body = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(body.detail), { status: answer.status });
  return body;
}

const post = (path, body) => ask(path, { method: "POST", body: JSON.stringify(body) });

// Only to a page of the panel: an address that somebody put into a link leads nowhere else.
function goOn() {
  const next = given.get("next") ?? "";
  location.assign(/^\/panel\/[\w\-./?=&%]*$/.test(next) && !next.includes("//") ? next : "/panel/");
}

function show(session) {
  if (!session.must_set_password) return goOn();
  at("sign-in").hidden = true;
  at("set-password").hidden = false;
  return undefined;
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

submits("sign-in", async (typed) => {
  user = typed.user;
  show(await post("/api/v1/session", typed));
});
submits("set-password", async (typed) => {
  await post("/api/v1/password", typed);
  show(await post("/api/v1/session", { user, password: typed.password }));
});
at("why").hidden = given.get("why") !== "ended";
if (given.get("set_password")) ask("/api/v1/session").then((session) => { user = session.user; show(session); });
