// The view of a page: opens the panel at the part that was chosen, and moves the dates.
// Without this the same is done by the form.
(() => {
  const panel = document.querySelector("details.change");
  const form = panel && panel.querySelector("form");
  const reveal = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    const part = name && document.getElementById(name);
    if (!part || !panel || !panel.contains(part)) return;
    panel.open = true;
    const field = part.matches("input, select, textarea") ? part : part.querySelector("input, select, textarea");
    if (field) field.focus();
  };
  addEventListener("hashchange", reveal);
  document.querySelectorAll(".view p a").forEach((link) => link.addEventListener("click", () => setTimeout(reveal)));
  reveal();

  const sliders = document.querySelector(".sliders");
  if (sliders && form) {
    const first = Date.parse(sliders.dataset.first + "T00:00:00Z");
    const day = (offset) => new Date(first + offset * 86400000);
    const told = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang, {
      day: "numeric", month: "short", year: "numeric", timeZone: "UTC",
    });
    sliders.hidden = false;
    const kept = sessionStorage.getItem("slider");
    sessionStorage.removeItem("slider");
    if (kept && document.getElementById(kept)) document.getElementById(kept).focus();
    sliders.querySelectorAll("input").forEach((slider) => {
      const output = sliders.querySelector(`output[for="${slider.id}"]`);
      const show = () => {
        const at = day(Number(slider.value));
        output.textContent = told.format(at);
        slider.setAttribute("aria-valuetext", told.format(at));
      };
      let waiting;
      slider.addEventListener("input", () => {
        show();
        clearTimeout(waiting);
        waiting = setTimeout(() => {
          form.elements[slider.dataset.field].value = day(Number(slider.value)).toISOString().slice(0, 10);
          sessionStorage.setItem("slider", slider.id);
          form.requestSubmit();
        }, 600);
      });
    });
  }
  // Empty fields stay out of the address.
  if (form) form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
    setTimeout(() => { for (const field of form.elements) field.disabled = false; });
  });
})();
