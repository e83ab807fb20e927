// [data-clock]: the reader's own time and the name of its zone, as this device knows them.
const box = document.querySelector("[data-clock]");

function part(options, type) {
  const parts = new Intl.DateTimeFormat(document.documentElement.lang, options).formatToParts(new Date());
  return parts.find((each) => each.type === type)?.value ?? "";
}

function tell() {
  const time = box.querySelector("[data-clock-time]");
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const [hour, minute] = [Number(part(clock, "hour")), part(clock, "minute").padStart(2, "0")];
  time.textContent = document.documentElement.lang.startsWith("fr") ? `${hour}\u00a0h\u00a0${minute}` : `${hour}:${minute}`;
  box.querySelector("[data-clock-zone]").textContent = part({ timeZoneName: "long" }, "timeZoneName");
  box.hidden = false;
}

if (box) {
  tell();
  setInterval(tell, 10000);
}
