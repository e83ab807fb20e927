// A list of faults takes the focus when it appears, so that a screen reader starts there.
const SELECTOR = "[data-take-focus]";

function take(root) {
  root.querySelector?.(SELECTOR)?.focus();
}

take(document);
document.addEventListener("htmx:after:swap", (event) => take(event.target));

// A link to a faulty field focuses the field, not only scrolls to it.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".faults a[href^='#']");
  const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  field.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
});
