// The guest's pages. A link's token is read from the fragment, leaves the address bar at once, and stays in this
// closure until the button is pressed: it is written in no element, no storage and no address that a server sees.
import "./waiting.js";
import "./clock.js";

const TOKEN = /^#([sp]1_[A-Za-z0-9_-]{43})$/;
const token = location.hash.match(TOKEN)?.[1];
if (location.hash && location.hash !== "#main") history.replaceState(null, "", location.pathname + location.search);

const form = document.querySelector("[data-door]");
if (form && token) {
  form.querySelector("[data-paste]").hidden = true;
  form.querySelector("input[name=lien]").required = false;
  form.querySelector("[data-go]").textContent = form.dataset.ready;
  document.querySelector("[data-has-link]")?.removeAttribute("hidden");
  document.querySelector("[data-no-link]")?.setAttribute("hidden", "");
  form.addEventListener("formdata", (event) => event.formData.set("lien", token));
}

// The other language is another page: the token goes along in the fragment, which no server is sent.
document.querySelector("[data-keeps-token]")?.addEventListener("click", (event) => {
  if (!token) return;
  event.preventDefault();
  location.replace(`${event.currentTarget.href}#${token}`);
});
