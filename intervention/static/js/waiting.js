// <div data-waiting="/address" data-version="etag">: asks every few seconds whether the page changed, and takes the
// new one. While somebody is filling a form of the page, it only says so, in [data-news].
const PACE = 4000;
const box = document.querySelector("[data-waiting]");

function isFilling() {
  const fields = document.querySelectorAll("[data-careful] input, [data-careful] select, [data-careful] textarea");
  return [...fields].some((field) =>
    field.matches("[type=radio], [type=checkbox]") ? field.checked !== field.defaultChecked : field.value !== field.defaultValue,
  );
}

async function look() {
  let answer;
  try {
    answer = await fetch(box.dataset.waiting, { headers: { "If-None-Match": `"${box.dataset.version}"` }, redirect: "manual" });
  } catch {
    return; // the network will come back, and this asks again
  }
  if (answer.status === 304 || answer.status >= 500) return;
  if (isFilling()) document.querySelector("[data-news]")?.removeAttribute("hidden");
  else location.replace(box.dataset.waiting);
}

if (box) setInterval(look, PACE);
