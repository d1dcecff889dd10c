/* Confer's only script. Every page works without it: it saves presses, it never holds an answer alone.
   No inline handlers, no framework, nothing kept in the browser's storage. */

const page = document;
const token = () => page.querySelector('meta[name="csrf-token"]')?.content ?? "";
const all = (selector, from = page) => [...from.querySelectorAll(selector)];
const clockTime = (date = new Date()) =>
  new Intl.DateTimeFormat("en-GB", { hour: "numeric", minute: "2-digit", hour12: true, timeZone: "Europe/London" })
    .format(date).replace(/\s/g, "").toLowerCase();
let lastContact = Date.now();

async function post(url, body) {
  const answer = await fetch(url, {
    method: "POST", body, credentials: "same-origin", redirect: "manual",
    headers: { "X-CSRFToken": token(), Accept: "application/json" },
  });
  // A redirect leads to the sign-in page: the session has ended.
  if (answer.type === "opaqueredirect") return { ok: false, status: 401, data: {} };
  if (answer.ok) lastContact = Date.now();
  const json = (answer.headers.get("Content-Type") ?? "").includes("json");
  return { ok: answer.ok, status: answer.status, data: json ? await answer.json() : {} };
}

/* ---- what is wrong comes first ---- */
function focusSummary() {
  const target = page.querySelector(".govuk-error-summary") ?? page.querySelector("[data-focus]");
  if (!target) return;
  target.setAttribute("tabindex", "-1");
  target.focus();
}

/* ---- follow-up questions: data-reveal-when="name=value" or "name=one|two" ---- */
function setUpReveals() {
  const parts = all("[data-reveal-when]").map((element) => {
    const [name, values] = element.dataset.revealWhen.split("=");
    return { element, name, values: values.split("|"), form: element.closest("form") ?? page };
  });
  const show = () => parts.forEach(({ element, name, values, form }) => {
    const controls = all(`[name="${CSS.escape(name)}"]`, form);
    const chosen = controls.some((box) =>
      box.type === "radio" || box.type === "checkbox" ? box.checked && values.includes(box.value) : values.includes(box.value));
    // A message is never hidden: the summary links to it.
    const isFaulty = element.querySelector(".govuk-error-message") !== null;
    element.toggleAttribute("data-reveal-hidden", !chosen && !isFaulty);
  });
  if (parts.length) {
    show();
    page.addEventListener("change", show);
  }
}

/* ---- one press, one sending ---- */
function guardDoubleSubmit() {
  page.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.dataset.busy) {
      event.preventDefault();
      return;
    }
    form.dataset.busy = "yes";
    setTimeout(() => delete form.dataset.busy, 5000);
  });
  // Coming back with the Back button must not find a form that refuses to be sent.
  addEventListener("pageshow", () => all("form[data-busy]").forEach((form) => delete form.dataset.busy));
}

/* ---- saving while somebody types ---- */
/* A form, or a part of one (any element with data-autosave-url): only what stands in the part is sent. */
function autosave(part) {
  const form = part.closest("form");
  const line = part.querySelector("[data-saved]");
  const version = part.querySelector('[name="version"]');
  const body = () => {
    const data = new FormData(form);
    if (part === form) return data;
    const names = new Set(all("[name]", part).map((box) => box.name));
    for (const name of [...data.keys()]) if (!names.has(name)) data.delete(name);
    return data;
  };
  let timer = 0, isSending = false, isChanged = false, isStopped = false, failures = 0, savedAt = "";
  const say = (text, kind = "") => {
    if (!line || line.textContent === text) return;
    line.textContent = text;
    line.className = `confer-saved ${kind}`;
  };
  const late = () => savedAt ? `Not saved since ${savedAt}. Keep this page open: we keep trying.`
    : "Not saved yet. Keep this page open: we keep trying.";
  const wait = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(send, milliseconds);
  };
  async function send() {
    if (isSending || isStopped || !isChanged) return;
    isSending = true;
    isChanged = false;
    try {
      const answer = await post(part.dataset.autosaveUrl, body());
      if (answer.status === 409) {
        isStopped = true;
        say(answer.data.message ?? "Somebody else changed this. Press save to compare both texts.", "confer-saved--clash");
      } else if (answer.status === 401 || answer.status === 403) {
        isStopped = true;
        say("You have been signed out. Copy what you wrote, then sign in again in a new tab.", "confer-saved--late");
      } else if (answer.status === 422 && answer.data.message) {
        // Half typed: it says what is missing, and saves with the next change.
        failures = 0;
        say(`Not saved yet. ${answer.data.message}`, "confer-saved--late");
      } else if (!answer.ok) {
        throw new Error(String(answer.status));
      } else {
        failures = 0;
        if (version && answer.data.version !== undefined) version.value = answer.data.version;
        for (const [name, text] of Object.entries(answer.data.fields ?? {})) {
          const box = form.elements.namedItem(name);
          if (box) box.value = text;
        }
        savedAt = answer.data.saved_at ?? clockTime();
        say(`Saved ${savedAt}`);
      }
    } catch {
      failures += 1;
      isChanged = true;
      say(late(), "confer-saved--late");
    }
    isSending = false;
    if (isChanged) wait(failures ? Math.min(60000, 2000 * 2 ** failures) : 1500);
  }
  const changed = (event) => {
    if (event.target.matches("[data-no-autosave]")) return;
    isChanged = true;
    if (!failures) wait(1500);
  };
  part.addEventListener("input", changed);
  part.addEventListener("change", changed);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    isChanged = false;
  });
  addEventListener("online", () => wait(0));
  page.addEventListener("visibilitychange", () => page.hidden && isChanged && wait(0));
  addEventListener("beforeunload", (event) => {
    if (failures && isChanged) event.preventDefault();
  });
}

/* ---- find a child as somebody types: the same radios that the Find button brings ---- */
function findChild(part) {
  const name = part.dataset.findName;
  const box = part.querySelector(`[name="${CSS.escape(`${name}-search`)}"]`);
  const message = part.querySelector("[data-find-message]");
  const list = part.querySelector("[data-find-list]");
  const options = part.querySelector("[data-find-options]");
  let timer = 0, turn = 0, shown = box.value.trim();

  const radio = ({ value, text, hint }) => {
    const item = Object.assign(page.createElement("div"), { className: "govuk-radios__item" });
    const input = Object.assign(page.createElement("input"), {
      className: "govuk-radios__input", type: "radio", id: `${name}-${value}`, name, value });
    const label = Object.assign(page.createElement("label"), {
      className: "govuk-label govuk-radios__label", htmlFor: input.id, textContent: text });
    item.append(input, label);
    if (hint) {
      const line = Object.assign(page.createElement("div"), {
        className: "govuk-hint govuk-radios__hint", id: `${input.id}-hint`, textContent: hint });
      input.setAttribute("aria-describedby", line.id);
      item.append(line);
    }
    return item;
  };
  const clear = () => {
    options.replaceChildren();
    list.hidden = true;
  };
  async function look() {
    const words = box.value.trim();
    if (words === shown) return;
    shown = words;
    const mine = ++turn;
    // A child chosen for other words must not stay chosen unseen.
    clear();
    message.textContent = "";
    if (words.length < 3) return;
    const body = new FormData();
    body.set("q", words);
    try {
      const answer = await post(part.dataset.findUrl, body);
      if (mine !== turn) return;
      if (!answer.ok) throw new Error(String(answer.status));
      const found = answer.data.results ?? [];
      options.replaceChildren(...found.map(radio));
      list.hidden = found.length === 0;
      message.textContent = answer.data.message ?? (found.length === 1 ? "1 child found" : `${found.length} children found`);
    } catch {
      if (mine !== turn) return;
      shown = "";
      message.textContent = "We could not search just now. Press Find to try again.";
    }
  }
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 250);
  });
  box.addEventListener("keydown", (event) => {
    const first = options.querySelector("input");
    if (event.key === "ArrowDown" && first) {
      event.preventDefault();
      first.focus();
      first.click();
    } else if (event.key === "Enter") {
      // Enter in this box searches; it never sends the half-filled form.
      event.preventDefault();
      clearTimeout(timer);
      look();
    }
  });
}

/* ---- before the session ends ---- */
function warnOfTimeout(dialog) {
  const warnAfter = Number(dialog.dataset.warnMinutes) * 60000;
  const endAfter = Number(dialog.dataset.idleMinutes) * 60000;
  const result = dialog.querySelector("[data-stay-result]");
  const name = page.title;
  const end = () => {
    result.textContent = "You have been signed out. Drafts that said “Saved” are kept. Sign in again to go on.";
    dialog.querySelector("[data-stay]").hidden = true;
  };
  setInterval(() => {
    const idle = Date.now() - lastContact;
    if (idle >= warnAfter && !dialog.open) {
      dialog.showModal();
      page.title = `Signed out soon: ${name}`;
    } else if (idle < warnAfter && dialog.open) {
      dialog.close();
      page.title = name;
    }
    if (idle >= endAfter) end();
  }, 5000);
  const stay = async (event) => {
    event.preventDefault();
    try {
      const answer = await post(dialog.dataset.stayUrl, new FormData());
      if (!answer.ok) return end();
      dialog.close();
      page.title = name;
    } catch {
      result.textContent = "We could not reach the service. Check your connection and press again.";
    }
  };
  dialog.querySelector("[data-stay]").addEventListener("click", stay);
  // Escape shows that somebody is here.
  dialog.addEventListener("cancel", stay);
}

/* ---- a print button where a script can press it ---- */
function offerPrint(tip) {
  const button = Object.assign(page.createElement("button"), {
    className: "govuk-button govuk-button--secondary", type: "button", textContent: "Print this page" });
  button.addEventListener("click", () => print());
  tip.replaceWith(button);
}

page.body.classList.add("js-enabled");
setUpReveals();
guardDoubleSubmit();
all("[data-autosave-url]").forEach(autosave);
all("[data-find-url]").forEach(findChild);
all("dialog#session-warning").forEach(warnOfTimeout);
all("[data-print-tip]").forEach(offerPrint);
focusSummary();
