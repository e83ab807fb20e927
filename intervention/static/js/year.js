// The year grid: arrows go by day and by week, Space marks the first then the last day, a drag marks both. What is sent
// is the form beside it: two dates and a type. The form alone does the same.
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const year = document.querySelector("[data-year]");
const form = document.querySelector("form[data-paint]");
let first = null;
let drag = null;

const squareOf = (element) => element.closest?.("[data-date]");
const dates = () => [...year.querySelectorAll("[data-date]")];

function step(date, days) {
  const far = new Date(`${date}T12:00Z`);
  const goals = dates().map((each) => each.dataset.date);
  for (let n = 0; n < 14; n += 1) {
    far.setUTCDate(far.getUTCDate() + (n ? Math.sign(days) : days));
    const goal = far.toISOString().slice(0, 10);
    if (goals.includes(goal)) return document.getElementById(`j-${goal}`);
  }
  return null;
}

function choose(from, to, done) {
  const [a, b] = [from, to].sort();
  form.elements.first.value = a;
  form.elements.last.value = b;
  for (const each of dates()) each.classList.toggle("chosen", each.dataset.date >= a && each.dataset.date <= b);
  form.querySelector("[data-said]").textContent = `${a} – ${b}`;
  if (done) form.elements.day_type.focus();
}

year?.addEventListener("keydown", (event) => {
  const square = squareOf(event.target);
  if (!square || event.ctrlKey || event.metaKey || event.altKey) return;
  if (STEPS[event.key]) {
    event.preventDefault();
    step(square.dataset.date, STEPS[event.key])?.focus();
  } else if (form && event.key === " ") {
    event.preventDefault();
    choose(first ?? square.dataset.date, square.dataset.date, first !== null);
    first = first === null ? square.dataset.date : null;
  } else if (form && event.key === "Escape") first = null;
});

year?.addEventListener("focusin", (event) => {
  const square = squareOf(event.target);
  if (square && first !== null) choose(first, square.dataset.date, false);
});

year?.addEventListener("pointerdown", (event) => {
  const square = squareOf(event.target);
  if (form && square && !event.button && event.pointerType !== "touch") drag = { from: square.dataset.date, to: null };
});

year?.addEventListener("pointerover", (event) => {
  const square = squareOf(event.target);
  if (!drag || !square || (!drag.to && square.dataset.date === drag.from)) return;
  drag.to = square.dataset.date;
  choose(drag.from, drag.to, false);
});

document.addEventListener("pointerup", () => {
  if (drag?.to) {
    addEventListener("click", (event) => event.preventDefault(), { capture: true, once: true });
    setTimeout(() => dispatchEvent(new Event("click"))); // a drop elsewhere gives no click: the guard must not outlive it
    choose(drag.from, drag.to, true);
  }
  drag = null;
});

year?.addEventListener("dragstart", (event) => event.preventDefault());
