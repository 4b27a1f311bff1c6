// What a link in an e-mail leads to: take its token out of the address, and hand it to the API when
// the reader clicks. A token in the fragment has been sent to nobody before that.

const INCOMPLETE =
  "This link is not complete. Open it from the e-mail once more, or copy all of it into the " +
  "address bar.";
const UNREACHABLE = "We cannot be reached at the moment. Check your connection and try again.";
const UNEXPECTED = "Something went wrong on our side. Try again in a moment.";
const DIFFERENT = "The two passwords are not the same.";
const EMPTY = "Write the new password into both fields.";

const form = document.querySelector("form");
const button = form.querySelector("button");
const outcome = document.getElementById("outcome");
const password = document.getElementById("password");
const repeated = document.getElementById("repeated");
const shown = document.getElementById("shown");

let token = null;
let isBusy = false;

takeToken();
// Another link that is opened in the same tab changes nothing but the fragment.
window.addEventListener("hashchange", takeToken);
form.addEventListener("submit", submit);
shown?.addEventListener("change", showOrHide);

function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (location.hash) {
    history.replaceState(null, "", location.pathname);
  }
  token = given ?? token;
  form.hidden = !token;
  say(token ? "" : "error", token ? "" : INCOMPLETE);
}

async function submit(event) {
  event.preventDefault();
  const mistake = mistakeInPasswords();
  if (isBusy) {
    return;
  }
  if (mistake) {
    refuse(mistake);
    return;
  }
  setBusy(true);
  say("busy", "One moment…");
  try {
    await send();
  } finally {
    setBusy(false);
  }
}

async function send() {
  let response;
  try {
    response = await fetch(form.dataset.endpoint, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(password ? { token, password: password.value } : { token }),
      credentials: "omit",
    });
  } catch {
    say("error", UNREACHABLE);
    return;
  }
  const answer = await response.json().catch(() => null); // a 204 has none
  if (!response.ok) {
    refuse(answer?.detail ?? UNEXPECTED, (answer?.errors ?? []).map((error) => error.detail));
    return;
  }
  token = null;
  form.reset();
  form.hidden = true;
  const isWaiting = answer?.status === "waiting_for_other_address";
  say("done", isWaiting ? form.dataset.waiting : form.dataset.done);
  outcome.focus();
}

function mistakeInPasswords() {
  if (!password) {
    return null;
  }
  if (!password.value || !repeated.value) {
    return EMPTY;
  }
  return password.value === repeated.value ? null : DIFFERENT;
}

function refuse(message, details = []) {
  say("error", message, details);
  if (password) {
    password.setAttribute("aria-invalid", "true");
    password.focus();
  }
}

function say(kind, message = "", details = []) {
  password?.removeAttribute("aria-invalid");
  outcome.dataset.kind = kind;
  outcome.replaceChildren();
  if (message) {
    outcome.append(element("p", message));
  }
  if (details.length) {
    const list = document.createElement("ul");
    list.append(...details.map((detail) => element("li", detail)));
    outcome.append(list);
  }
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function setBusy(busy) {
  isBusy = busy;
  button.setAttribute("aria-disabled", String(busy)); // a disabled button would lose the focus
}

function showOrHide() {
  for (const field of [password, repeated]) {
    field.type = shown.checked ? "text" : "password";
  }
}
