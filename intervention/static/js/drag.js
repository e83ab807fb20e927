// Drag a séance to another moment of the grid, by quarters of an hour; Escape puts it back. What is sent is the form of
// « Déplacer »: the server decides, and its page explains a refusal. The keyboard has that form itself.
const QUARTER = 3;
const FAR = 6;
const form = document.querySelector("form[data-move]");
const first = Number(document.querySelector("table[data-week]")?.dataset.firstHour ?? 0) * 60;
let drag = null;

function told(minutes) {
  const [hour, minute] = [Math.floor(minutes / 60), String(minutes % 60).padStart(2, "0")];
  return document.documentElement.lang.startsWith("fr") ? `${hour}\u00a0h\u00a0${minute}` : `${hour}:${minute}`;
}

function lift() {
  drag.ghost = document.createElement("div");
  drag.rows = Number(drag.block.className.match(/for-(\d+)/)[1]);
  drag.block.classList.add("lifted");
}

function follow(x, y) {
  const line = document.elementsFromPoint(x, y).map((each) => each.closest?.(".day-line")).find(Boolean);
  if (!line) return;
  const [box, rows] = [line.getBoundingClientRect(), Number(line.dataset.rows)];
  const wanted = Math.round(((y - drag.grab - box.top) / box.height) * rows / QUARTER) * QUARTER;
  drag.row = Math.min(Math.max(wanted, 0), rows - drag.rows);
  drag.day = line.dataset.day;
  drag.ghost.className = `block ghost from-${drag.row + 1} for-${drag.rows}`;
  drag.ghost.textContent = told(first + drag.row * 5);
  if (drag.ghost.parentNode !== line) line.append(drag.ghost);
}

function wallTime() {
  const shifted = Date.parse(`${drag.day}T00:00Z`) + (first + drag.row * 5 + Number(drag.block.dataset.shift)) * 60000;
  return new Date(shifted).toISOString().slice(0, 16);
}

function drop() {
  drag?.ghost?.remove();
  drag?.block.classList.remove("lifted");
  drag = null;
}

document.addEventListener("pointerdown", (event) => {
  const block = event.target.closest("a[data-movable]");
  if (!form || !block || event.button || event.pointerType === "touch") return;
  if (getComputedStyle(block.closest(".day-line")).display !== "grid") return;
  drag = { block, x: event.clientX, y: event.clientY, grab: event.clientY - block.getBoundingClientRect().top };
});

document.addEventListener("pointermove", (event) => {
  if (!drag || (!drag.ghost && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FAR)) return;
  if (!drag.ghost) lift();
  follow(event.clientX, event.clientY);
});

document.addEventListener("pointerup", () => {
  if (!drag?.ghost) {
    drag = null;
    return;
  }
  addEventListener("click", (event) => event.preventDefault(), { capture: true, once: true });
  setTimeout(() => dispatchEvent(new Event("click"))); // a drop elsewhere gives no click: the guard must not outlive it
  const before = `${drag.block.closest(".day-line").dataset.day} ${drag.block.className.match(/from-(\d+)/)[1]}`;
  if (drag.day && before !== `${drag.day} ${drag.row + 1}`) {
    form.action = drag.block.dataset.movable;
    form.elements.version.value = drag.block.dataset.version;
    form.elements.starts_at.value = wallTime();
    form.requestSubmit();
  }
  drop();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && drag?.ghost) drop();
});
document.addEventListener("pointercancel", drop);
document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.("a[data-movable]")) event.preventDefault();
});
