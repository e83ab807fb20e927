// form[data-tally]: the button says how many dates are ticked or held at another moment, as the person decides.
function tell(form) {
  const text = form.querySelector("[data-tally-text]");
  const ticked = form.querySelectorAll("input[type=checkbox]:checked").length;
  const moved = [...form.querySelectorAll("select")].filter((each) => each.value).length;
  const words = { 0: text.dataset.none, 1: text.dataset.single }[ticked + moved] ?? text.dataset.many;
  text.textContent = words.replace("{n}", ticked + moved);
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-tally]");
  if (form) tell(form);
});
