"use strict";
// The launch page: a file that is brought as evidence.
(() => {
  const said = (form, words, classes) => {
    const place = form.querySelector(".said");
    place.replaceChildren(...words.map((each) => {
      const one = document.createElement("p");
      one.textContent = each;
      one.className = classes;
      return one;
    }));
  };

  async function digestOf(file) {
    const found = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return [...new Uint8Array(found)].map((each) => each.toString(16).padStart(2, "0")).join("");
  }

  async function signIn(form) {
    await fairway.signInAgain(form);
    form.querySelector(".again").hidden = true;
  }

  async function send(form, path) {
    const { claim, reason, attest } = form.elements, file = form.elements.file.files[0];
    if (file.size > Number(form.dataset.bytes)) throw new Error("The file is too large to be sent; bring it on the machine itself.");
    if (!window.crypto?.subtle) throw new Error("A browser computes a SHA-256 on https or localhost only; bring the file on the machine itself.");
    const asked = new URLSearchParams({
      claim: claim.value, reason: reason.value, attest: attest.checked, sha256: await digestOf(file),
      name: file.name.replace(/[^A-Za-z0-9._-]/g, "_").slice(-100) || "evidence",
    });
    const answer = await fetch(`/api/v1/launch/${path}?${asked}`, {
      method: "POST", headers: { "content-type": "application/octet-stream" }, body: file,
    });
    const found = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(found.detail), { code: found.code ?? "" });
    return found;
  }

  async function bring(form) {
    const act = form.querySelector("button[type=submit]"), again = form.querySelector(".again");
    act.disabled = true;
    try {
      if (!again.hidden) await signIn(form);
      if (form.dataset.step !== "bring") {
        const found = await send(form, "evidence/preview");
        said(form, [found.effect, ...found.unknown, "Press once more, and it is brought."], "effect");
        form.dataset.step = "bring";
        act.textContent = "Bring it";
      } else {
        const found = await send(form, "evidence");
        said(form, [found.is_done ? "✓ taken" : "✗ not taken", ...found.sentences], found.is_done ? "done" : "refused");
        reset(form);
      }
    } catch (error) {
      if (String(error.code).startsWith("SIGN_IN_OLD")) again.hidden = false;
      else said(form, [error.message], "refused");
    } finally {
      act.disabled = false;
    }
  }

  function reset(form) {
    delete form.dataset.step;
    form.querySelector("button[type=submit]").textContent = "Show what it says";
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.("form.evidence-form");
    if (!form) return;
    event.preventDefault();
    bring(form);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form.evidence-form");
    if (form && !event.target.closest(".again")) reset(form);
  });
})();
