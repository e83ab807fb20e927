// Arrows move between the links and buttons of a table marked data-grid; Home and End go along the row.
const GOALS = "a[href], button, input, select, [tabindex='0']";
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function goalsOf(cell) {
  return cell ? [...cell.querySelectorAll(GOALS)] : [];
}

function seek(rows, row, column, [down, across]) {
  for (let r = row + down, c = column + across; rows[r]?.cells[c]; r += down, c += across) {
    const goals = goalsOf(rows[r].cells[c]);
    if (goals.length) return down < 0 ? goals.at(-1) : goals[0];
  }
  return null;
}

document.addEventListener("keydown", (event) => {
  const table = event.target.closest?.("table[data-grid]");
  const cell = event.target.closest?.("td, th");
  if (!table || !cell || event.target.matches("input, select, textarea")) return;
  const rows = [...table.rows];
  const row = rows.indexOf(cell.parentElement);
  const step = STEPS[event.key];
  let goal = null;
  if (step) {
    const siblings = goalsOf(cell);
    const next = siblings[siblings.indexOf(event.target) + step[0]];
    goal = step[0] && next ? next : seek(rows, row, cell.cellIndex, step);
  } else if (event.key === "Home") goal = goalsOf(cell.parentElement)[0];
  else if (event.key === "End") goal = goalsOf(cell.parentElement).at(-1);
  if (!goal) return;
  event.preventDefault();
  goal.focus();
});
