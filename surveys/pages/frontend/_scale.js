// Lets the scale be pointed at and stepped with arrow keys. The number box holds the answer.
const STEPS = {
  ArrowUp: 1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  PageUp: 10,
  PageDown: -10,
};

export function scale(drawing, box) {
  const low = Number(box.min);
  const high = Number(box.max);
  const top = Number(drawing.dataset.top);
  const bottom = Number(drawing.dataset.bottom);
  const marker = drawing.querySelector(".vas__marker");

  const within = (value) => Math.min(high, Math.max(low, Math.round(value)));

  function show() {
    const value = Number(box.value);
    const valid = box.value !== "" && value >= low && value <= high;
    marker.classList.toggle("vas__marker--set", valid);
    if (!valid) return drawing.removeAttribute("aria-valuenow");
    const y = bottom - ((value - low) / (high - low)) * (bottom - top);
    marker.setAttribute("transform", `translate(0 ${y})`);
    drawing.setAttribute("aria-valuenow", value);
  }

  function set(value) {
    box.value = within(value);
    show();
  }

  function point(event) {
    const place = new DOMPoint(event.clientX, event.clientY);
    const { y } = place.matrixTransform(drawing.getScreenCTM().inverse());
    set(high - ((y - top) / (bottom - top)) * (high - low));
  }

  function key(event) {
    const ends = { Home: low, End: high };
    if (!(event.key in STEPS) && !(event.key in ends)) return;
    event.preventDefault();
    // Without an answer the first step begins in the middle, which is no answer before it.
    const from = box.value === "" ? (low + high) / 2 : Number(box.value);
    set(event.key in ends ? ends[event.key] : from + STEPS[event.key]);
  }

  const described = {
    role: "slider",
    tabindex: "0",
    "aria-label": drawing.parentElement.dataset.scale,
    "aria-orientation": "vertical",
    "aria-valuemin": low,
    "aria-valuemax": high,
  };
  for (const [name, value] of Object.entries(described)) drawing.setAttribute(name, value);
  drawing.removeAttribute("aria-hidden");
  drawing.removeAttribute("focusable");
  drawing.parentElement.classList.add("vas__scale--live");

  drawing.addEventListener("pointerdown", (event) => {
    drawing.setPointerCapture(event.pointerId);
    point(event);
  });
  drawing.addEventListener("pointermove", (event) => {
    if (drawing.hasPointerCapture(event.pointerId)) point(event);
  });
  drawing.addEventListener("keydown", key);
  box.addEventListener("input", show);
  show();
}
