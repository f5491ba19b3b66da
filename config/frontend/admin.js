// Names what Django's own widgets leave without one, for those who listen to the page.
function nameWidgets() {
  document.querySelectorAll(".select2-selection:not([aria-label])").forEach((box) => {
    const select = box.closest(".select2").previousElementSibling;
    if (!select) return;
    const label = select.labels[0];
    const name = select.getAttribute("aria-label") || (label && label.textContent.trim());
    if (!name) return;
    box.setAttribute("aria-label", name);
    box.firstElementChild.setAttribute("aria-label", name);
  });
  document.querySelectorAll("thead th:empty").forEach((cell) => cell.setAttribute("role", "none"));
}

// Widgets come late, and with every row that is added.
nameWidgets();
new MutationObserver(nameWidgets).observe(document.body, { childList: true, subtree: true });
