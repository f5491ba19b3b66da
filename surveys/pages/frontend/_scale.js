// Lets the scale be pointed at and its marker drawn, and gives the box larger steps.
// The number box holds the answer, and is what a keyboard or a screen reader meets.
const STEPS = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

export function scale(drawing, box) {
  const low = Number(box.min);
  const high = Number(box.max);
  const top = Number(drawing.dataset.top);
  const bottom = Number(drawing.dataset.bottom);
  const marker = drawing.querySelector(".vas__marker");
  const axis = marker.transform.baseVal.getItem(0).matrix.e;

  function show() {
    const value = Number(box.value);
    const isSet = box.value !== "" && value >= low && value <= high;
    marker.classList.toggle("vas__marker--set", isSet);
    const y = bottom - ((value - low) / (high - low)) * (bottom - top);
    if (isSet) marker.setAttribute("transform", `translate(${axis} ${y})`);
  }

  function set(value) {
    box.value = Math.min(high, Math.max(low, Math.round(value)));
    show();
  }

  function point(event) {
    const place = new DOMPoint(event.clientX, event.clientY);
    const y = place.matrixTransform(drawing.getScreenCTM().inverse()).y;
    set(high - ((y - top) / (bottom - top)) * (high - low));
  }

  function take(event) {
    // A finger that comes down beside the marker may want to scroll: only its tap counts.
    if (event.pointerType !== "mouse" && event.target !== marker) return;
    event.preventDefault();
    drawing.setPointerCapture(event.pointerId);
    point(event);
  }

  function step(event) {
    const ends = { Home: low, End: high };
    if (!(event.key in STEPS) && !(event.key in ends)) return;
    event.preventDefault();
    // Without an answer the first step is taken from the middle, which favours neither end.
    const from = box.value === "" ? (low + high) / 2 : Number(box.value);
    set(event.key in ends ? ends[event.key] : from + STEPS[event.key]);
  }

  drawing.classList.add("vas__drawing--live");
  drawing.addEventListener("pointerdown", take);
  drawing.addEventListener("pointermove", (event) => {
    if (drawing.hasPointerCapture(event.pointerId)) point(event);
  });
  drawing.addEventListener("click", point);
  box.addEventListener("keydown", step);
  box.addEventListener("input", show);
  show();
}
