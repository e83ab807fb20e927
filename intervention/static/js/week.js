// Arrows in table[data-week]: up and down along a day, left and right to the nearest thing in time of the next day.
// Page Up and Page Down turn the page to the week before and the week after.
const GOALS = "a[href]";

function middle(element) {
  const box = element.getBoundingClientRect();
  return box.top + box.height / 2;
}

function beside(cell, step, height) {
  for (let next = cell[step]; next; next = next[step]) {
    const goals = [...next.querySelectorAll(GOALS)];
    if (goals.length) return goals.reduce((a, b) => (Math.abs(middle(b) - height) < Math.abs(middle(a) - height) ? b : a));
  }
  return null;
}

function goal(event, cell) {
  const goals = [...cell.querySelectorAll(GOALS)];
  const here = goals.indexOf(event.target);
  switch (event.key) {
    case "ArrowUp": return goals[here - 1];
    case "ArrowDown": return goals[here + 1];
    case "ArrowLeft": return beside(cell, "previousElementSibling", middle(event.target));
    case "ArrowRight": return beside(cell, "nextElementSibling", middle(event.target));
    case "Home": return goals[0];
    case "End": return goals.at(-1);
    default: return null;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const cell = event.target.closest?.("table[data-week] :is(td, th)");
  if (!cell) return;
  const page = { PageUp: "a[rel=prev]", PageDown: "a[rel=next]" }[event.key];
  if (page) {
    event.preventDefault();
    document.querySelector(page)?.click();
    return;
  }
  const found = goal(event, cell);
  if (!found) return;
  event.preventDefault();
  found.focus();
});
