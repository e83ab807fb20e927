// Coming back by the browser's button may find fields filled as they were left, beside an answer to the empty form:
// what answers to the fields as they change answers again.
function isChanged(field) {
  if (field.matches("[type=radio], [type=checkbox]")) return field.checked !== field.defaultChecked;
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.value !== field.defaultValue;
}

function answer(form) {
  const fields = [...form.elements].filter((field) => field.matches("input:not([type=hidden]), textarea, select"));
  if (fields.some(isChanged)) form.dispatchEvent(new Event("change", { bubbles: true }));
}

// The fields are filled before the page is shown, and htmx may begin to listen before that or after it.
addEventListener("pageshow", () => document.querySelectorAll("form[hx-get]").forEach(answer));
document.addEventListener("htmx:after:init", (event) => {
  if (event.target.matches?.("form[hx-get]")) answer(event.target);
});
