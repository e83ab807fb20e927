// Drag a line, or a place of the grid, onto a half hour; Escape leaves it. What is sent is the form that the keyboard has
// a button for: the server finds the start and says what is in the way.
const FAR = 6;
let drag = null;

function cellAt(x, y) {
  return document.elementFromPoint(x, y)?.closest("td[data-cell]") ?? null;
}

function point(cell) {
  if (drag.over !== cell) drag.over?.classList.remove("over");
  drag.over = cell;
  cell?.classList.add("over");
}

function drop() {
  drag?.over?.classList.remove("over");
  drag?.line.classList.remove("lifted");
  drag = null;
}

document.addEventListener("pointerdown", (event) => {
  const line = event.target.closest("[data-timetable] a[data-line]");
  if (!line || event.button || event.pointerType === "touch") return;
  drag = { line, x: event.clientX, y: event.clientY, isMoving: false };
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  if (!drag.isMoving && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FAR) return;
  drag.isMoving = true;
  drag.line.classList.add("lifted");
  point(cellAt(event.clientX, event.clientY));
});

document.addEventListener("pointerup", () => {
  if (!drag?.isMoving) {
    drag = null;
    return;
  }
  const stop = (event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", stop, { capture: true }));
  const form = document.querySelector("form[data-drop]");
  if (form && drag.over) {
    form.elements.ligne.value = drag.line.dataset.line;
    form.elements.place.value = drag.line.dataset.slot ?? "";
    form.elements.case.value = drag.over.dataset.cell;
    form.requestSubmit();
  }
  drop();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") drop();
});
document.addEventListener("pointercancel", drop);
document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.("[data-timetable] a[data-line]")) event.preventDefault();
});

// What was in focus before a swap keeps it, unless the page says where it goes.
let focused = null;
document.addEventListener("htmx:before:swap", () => {
  focused = document.activeElement?.id ?? null;
});
document.addEventListener("htmx:after:swap", () => {
  if (focused && !document.querySelector("#horaire [data-take-focus]")) document.getElementById(focused)?.focus();
});
