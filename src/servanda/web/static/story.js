// A story that is gone through step by step, or played.  Nothing moves unless it is asked to, and
// where reduced motion is preferred nothing moves by itself: there is no playing then, only steps.
// Without this the list of dated events says the same.
(() => {
  const EVERY = 2500; // milliseconds of a step that is played
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  const begin = (story) => {
    const player = story.querySelector(".player");
    if (!player || !player.hidden) return;
    const steps = [...story.querySelectorAll("li[data-step]")];
    const marks = [...story.querySelectorAll("svg [data-step]")];
    const [back, next, play] = ["back", "next", "play"].map((name) => player.querySelector(`[data-do=${name}]`));
    const status = player.querySelector("[role=status]");
    let at = -1;
    let timer = 0;

    const show = (step) => {
      at = Math.max(-1, Math.min(step, steps.length - 1));
      story.classList.toggle("going", at >= 0);
      for (const one of [...steps, ...marks]) {
        const own = Number(one.dataset.step) - 1;
        one.classList.toggle("later", at >= 0 && own > at);
        one.classList.toggle("here", own === at);
      }
      steps.forEach((one, own) => own === at ? one.setAttribute("aria-current", "step") : one.removeAttribute("aria-current"));
      back.setAttribute("aria-disabled", String(at < 0));
      next.setAttribute("aria-disabled", String(at === steps.length - 1));
      const told = at < 0 ? "" : steps[at].innerText.replace(/\s+/g, " ").trim();
      status.textContent = at < 0 ? "" : `${at + 1} / ${steps.length}: ${told}`;
    };
    const stop = () => {
      clearInterval(timer);
      timer = 0;
      play.textContent = play.dataset.play;
    };
    const start = () => {
      show(at === steps.length - 1 ? 0 : at + 1);
      play.textContent = play.dataset.pause;
      timer = setInterval(() => at < steps.length - 1 ? show(at + 1) : stop(), EVERY);
    };
    back.addEventListener("click", () => { stop(); show(at - 1); });
    next.addEventListener("click", () => { stop(); show(at + 1); });
    play.addEventListener("click", () => timer ? stop() : start());
    player.addEventListener("keydown", (event) => {
      const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: steps.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      stop();
      show(to);
    });
    const calm = () => {
      play.hidden = still.matches;
      if (still.matches) stop();
    };
    still.addEventListener("change", calm);
    calm();
    show(-1);
    player.hidden = false;
  };

  // Also those that arrive later, with a part of the page.
  const all = () => document.querySelectorAll("[data-story]").forEach(begin);
  document.addEventListener("htmx:after:swap", all);
  all();
})();
