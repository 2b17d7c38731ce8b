/* Asks for a security key and sends the form with its answer. Without this script, or a key, the passphrase and a code remain.
 *
 * Bytes travel as base64url. What a key makes of its salt (PRF) goes into a field of its own and never into the answer.
 */
(function () {
  "use strict";
  if (!window.PublicKeyCredential || !window.isSecureContext) return;

  const bytes = (text) => {
    const plain = text.replace(/-/g, "+").replace(/_/g, "/");
    return Uint8Array.from(atob(plain + "=".repeat((4 - (plain.length % 4)) % 4)), (sign) => sign.charCodeAt(0));
  };
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const ids = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  /* The server's JSON with its base64url made bytes again. */
  function decoded(options) {
    const out = { ...options, challenge: bytes(options.challenge) };
    if (out.user) out.user = { ...out.user, id: bytes(out.user.id) };
    if (out.excludeCredentials) out.excludeCredentials = ids(out.excludeCredentials);
    if (out.allowCredentials) out.allowCredentials = ids(out.allowCredentials);
    const prf = options.extensions && options.extensions.prf;
    if (prf && prf.eval) out.extensions = { prf: { eval: { first: bytes(prf.eval.first) } } };
    if (prf && prf.evalByCredential) {
      const each = Object.entries(prf.evalByCredential).map(([id, salt]) => [id, { first: bytes(salt.first) }]);
      out.extensions = { prf: { evalByCredential: Object.fromEntries(each) } };
    }
    return out;
  }

  function written(credential) {
    const response = { clientDataJSON: text(credential.response.clientDataJSON) };
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) response[part] = text(credential.response[part]);
    }
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} });
  }

  const madeOf = (credential) => {
    const prf = credential.getClientExtensionResults().prf;
    return prf && prf.results && prf.results.first ? prf.results.first : null;
  };

  /* Some keys make nothing of the salt while they are added, and do when asked right afterwards. */
  async function madeLater(credential, options) {
    const prf = credential.getClientExtensionResults().prf;
    if (!prf || !prf.enabled) return null;
    const again = await navigator.credentials.get({
      publicKey: {
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        rpId: options.rp.id,
        allowCredentials: [{ type: "public-key", id: credential.rawId }],
        userVerification: "required",
        extensions: options.extensions,
      },
    });
    return madeOf(again);
  }

  async function add(asked, form) {
    const options = decoded(asked.publicKey);
    const unlocks = form.elements.unlocks && form.elements.unlocks.checked;
    if (!unlocks) {
      delete options.extensions;
      options.authenticatorSelection = { ...options.authenticatorSelection, userVerification: "preferred" };
    }
    const credential = await navigator.credentials.create({ publicKey: options });
    const made = unlocks ? madeOf(credential) || (await madeLater(credential, options)) : null;
    return [credential, made];
  }

  async function answer(url, form) {
    const sent = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    const response = await fetch(url, { method: "POST", body: sent });
    const asked = response.ok ? await response.json() : {};
    if (!asked.publicKey) return null;
    const credential = await navigator.credentials.get({ publicKey: decoded(asked.publicKey) });
    return [asked.token, credential, madeOf(credential)];
  }

  for (const block of document.querySelectorAll("[data-security-key]")) {
    const form = block.closest("form");
    const button = block.querySelector("button");
    const note = block.querySelector("[role=status]");
    const added = block.dataset.options ? JSON.parse(block.dataset.options) : null;
    const fill = (token, credential, made) => {
      form.elements.key_token.value = token;
      form.elements.key_answer.value = written(credential);
      if (form.elements.key_prf) form.elements.key_prf.value = made ? text(made) : "";
    };

    async function ask() {
      note.textContent = "";
      const empty = Array.from(form.querySelectorAll("input[required]")).some((input) => !input.value);
      if (empty && !block.dataset.alone) {
        form.requestSubmit(); // the page says what is missing
        return;
      }
      button.disabled = true;
      try {
        if (added) {
          fill(added.token, ...(await add(added, form)));
        } else {
          const got = await answer(block.dataset.url, form);
          if (!got) throw new Error("nothing to ask");
          fill(...got);
        }
        form.requestSubmit();
      } catch {
        note.textContent = block.dataset.failed;
      } finally {
        button.disabled = false;
      }
    }

    button.addEventListener("click", ask);
    /* A page that only adds a key asks for it at Enter too. */
    if (added) {
      form.addEventListener("submit", (event) => {
        const filled = Array.from(form.querySelectorAll("input[required]")).every((input) => input.value);
        if (form.elements.key_answer.value || !filled) return;
        event.preventDefault();
        ask();
      });
    }
    block.hidden = false;
  }
})();
