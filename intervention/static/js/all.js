// input[data-all="name"]: ticks and unticks every box of that name.
const boxes = (all) => [...all.form.querySelectorAll(`input[type=checkbox][name="${all.dataset.all}"]`)];

document.addEventListener("change", (event) => {
  const all = event.target;
  if (!all.matches?.("input[data-all]")) return;
  for (const each of boxes(all)) each.checked = all.checked;
});
