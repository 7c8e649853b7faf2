"use strict";
// Sends forms whose content must not pass through the page's stream: API keys of a venue, and passwords.
(() => {
  const JSON_HEADERS = { "content-type": "application/json" };

  const line = (words, kind = "p", look = "") => {
    const one = document.createElement(kind);
    one.textContent = words;
    if (look) one.className = look;
    return one;
  };

  function valueOf(field) {
    if (field.type === "checkbox") return field.checked;
    if (field.dataset.list !== undefined) return field.value.split(/[\s,]+/).filter(Boolean);
    return field.value.trim();
  }

  function bodyOf(form) {
    const fields = [...form.querySelectorAll(".secret-fields [name]")];
    return fields.length ? Object.fromEntries(fields.map((field) => [field.name, valueOf(field)])) : undefined;
  }

  async function sent(method, path, body) {
    const content = body === undefined ? {} : { headers: JSON_HEADERS, body: JSON.stringify(body) };
    const answer = await fetch(path, { method, ...content });
    return { ok: answer.ok, document: await answer.json().catch(() => ({})) };
  }

  // A sign-in of the last minutes is asked for in the form itself, and only where the server wants one.
  function askAgain(form, wanted) {
    const again = form.querySelector(".again");
    again.hidden = !wanted;
    again.disabled = !wanted;
    if (!wanted) again.querySelectorAll("input").forEach((field) => { field.value = ""; });
    else again.querySelector("input").focus();
  }

  // Asked before anything is sent, so that an old sign-in is no refused request.
  async function isRecent(form) {
    if (!form.querySelector("button.raises")) return true;
    const answer = await fetch("/api/v1/session");
    return !answer.ok || (await answer.json()).is_recent;
  }

  function signInAgain(form) {
    return fairway.signInAgain(form).then(() => ({ ok: true }), (error) => ({ ok: false, document: { detail: error.message } }));
  }

  function refused(said, document_) {
    said.replaceChildren(line(`✗ ${document_.detail || "the server did not answer as it should; try again"}`, "p", "refused"));
    (document_.errors || []).forEach((each) => said.append(line(`${each.field}: ${each.what}`, "p", "refused")));
  }

  function shownOnce(said, words, text) {
    said.append(line(words));
    const secret = line(text, "code", "shown-once");
    secret.tabIndex = 0;
    said.append(secret);
  }

  function done(said, document_) {
    said.replaceChildren(line("✓ done", "p", "done"));
    (document_.sentences || []).forEach((sentence) => said.append(line(sentence)));
    const checks = (document_.validation || []).map((each) => `${each.verdict}  ${each.check}: ${[each.found, each.advice].filter(Boolean).join("; ")}`);
    if (checks.length) {
      const list = document.createElement("ul");
      list.append(...checks.map((words) => line(words, "li")));
      said.append(line("What the venue says of the keys:"), list);
    }
    if (document_.password) shownOnce(said, `The password of ${document_.user} for one sign-in, shown this once:`, document_.password);
    if (document_.secret) {
      shownOnce(said, "Put this secret into your app, and confirm it below by a code. It is shown this once:", document_.secret);
      shownOnce(said, "The same as an address, for apps that take one:", document_.address);
    }
  }

  async function send(form) {
    const said = form.querySelector(".said");
    if (!form.querySelector(".again").hidden) {
      const session = await signInAgain(form);
      if (!session.ok) { refused(said, session.document); return; }
      askAgain(form, false);
    } else if (!await isRecent(form)) {
      said.replaceChildren();
      askAgain(form, true);
      return;
    }
    const answer = await sent(form.dataset.method, form.dataset.path, bodyOf(form));
    if ((answer.document.code || "").startsWith("SIGN_IN_OLD")) {
      said.replaceChildren();
      askAgain(form, true);
    } else if (answer.ok) {
      form.reset();
      done(said, answer.document);
    } else {
      refused(said, answer.document);
    }
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form.secret-form");
    if (!form) return;
    event.preventDefault();
    const act = form.querySelector("button[type=submit]");
    act.disabled = true;
    form.querySelector(".said").replaceChildren(line("It is being carried out …"));
    try {
      await send(form);
    } catch {
      refused(form.querySelector(".said"), { detail: "the server could not be reached; nothing is known of what became of it" });
    } finally {
      act.disabled = false;
    }
  });
})();
