// Keys for the review queue. Without this script everything still works with Tab and Enter.
"use strict";

const notes = [...document.querySelectorAll("[data-note]")];
const KEYS = { c: "confirm", d: "dismiss", u: "undo" };

/** The number of the note that has the focus, -1 when none has. */
function current() {
  const held = document.activeElement?.closest("[data-note]");
  return held ? notes.indexOf(held) : -1;
}

function move(by) {
  const next = notes[Math.min(Math.max(current() + by, 0), notes.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function press(decision) {
  notes[current()].querySelector(`button[value="${decision}"]`)?.click();
}

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof Element && event.target.closest("input, select, textarea");
  // Only while a note has the focus, so that no single key does anything to who did not come here (WCAG 2.1.4).
  if (current() < 0 || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "z") document.querySelector("[data-undo] button")?.click();
  else if (event.key in KEYS) press(KEYS[event.key]);
  else return;
  event.preventDefault();
});

// After a decision the page comes back without that note: the next one is where the eyes are.
if (document.body.dataset.review !== undefined) notes[0]?.focus({ preventScroll: true });
