// Runs before the first paint, so that a chosen theme never flashes. A file of its own, because the
// content security policy allows no inline script. The key and the values are those of src/shell/theme.ts.
(() => {
  try {
    const choice = localStorage.getItem("genie-handoff.theme");
    if (choice === "light" || choice === "dark") document.documentElement.dataset.theme = choice;
  } catch {
    // Storage may be switched off; the system's theme applies then.
  }
})();
