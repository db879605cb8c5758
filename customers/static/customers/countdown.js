// Counts the seconds until a message may be sent again, then shows the form. Without it the page says the time.
"use strict";

function countDown(wait) {
  const end = Date.now() + 1000 * Number(wait.dataset.seconds);
  const words = wait.querySelector("p");
  const timer = document.createElement("strong");
  timer.setAttribute("role", "timer");
  timer.dir = "ltr";
  words.replaceChildren(wait.dataset.words, " ", timer);
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0) {
      timer.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    } else {
      clearInterval(ticking);
      wait.replaceChildren(wait.querySelector("template").content);
    }
  };
  const ticking = setInterval(tick, 250);
  tick();
}

const countAll = () => document.querySelectorAll(".wait[data-seconds]").forEach(countDown);
document.addEventListener("redrawn", countAll);
countAll();
