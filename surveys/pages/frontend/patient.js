// Makes the pages kinder; every one of them works without it.
import { scale } from "./_scale.js";

const form = document.querySelector("form[data-question]");

// A press that comes again while the answer is on its way sends nothing twice.
for (const each of document.forms) {
  each.addEventListener("submit", (event) => {
    if (each.dataset.sent) event.preventDefault();
    each.dataset.sent = "yes";
  });
}

// Coming back by the browser's own Back button: the form may be sent again.
addEventListener("pageshow", () => {
  for (const each of document.forms) delete each.dataset.sent;
});

// What is wrong is read out at once, with its way to the field.
document.querySelector("[data-focus]")?.focus();

// Turning the wheel over a number does not change it.
for (const box of document.querySelectorAll("input[type=number]")) {
  box.addEventListener("wheel", () => box.blur(), { passive: true });
}

for (const field of document.querySelectorAll("textarea[data-left]")) {
  const count = document.createElement("p");
  count.className = "small";
  count.setAttribute("aria-live", "polite");
  const show = () => {
    count.textContent = `${field.maxLength - field.value.length} ${field.dataset.left}`;
  };
  field.after(count);
  field.addEventListener("input", show);
  show();
}

// An option that stands alone takes the others away, and is taken away by them.
form?.addEventListener("change", ({ target }) => {
  if (target.type !== "checkbox" || !target.checked) return;
  const alone = "exclusive" in target.dataset;
  for (const other of form.querySelectorAll("input[type=checkbox]")) {
    if (other !== target && (alone || "exclusive" in other.dataset)) other.checked = false;
  }
});

for (const drawing of document.querySelectorAll(".vas__drawing")) {
  scale(drawing, document.querySelector("#answer"));
}
