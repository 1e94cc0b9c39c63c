// A page hears that its records have changed, and shows that when it is asked to, or at once.
// A page that nobody looks at hears nothing: browsers keep few connections to one server.
(() => {
  const line = document.querySelector("[data-stream]");
  if (!line || !window.EventSource) return;
  const told = line.querySelector("[role=status]");
  const show = line.querySelector("button");
  const follow = line.querySelector("input");
  const TURNS = 5;
  const CHANGING = ["#main", ".view p"];
  let mark = line.dataset.mark;
  let waiting = false;
  let stream = null;

  const renew = async () => {
    if (waiting) return;
    waiting = true;
    try {
      let answer;
      for (let turn = 0; turn < TURNS; turn += 1) { // all open pages ask at once
        answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
        if (answer.status !== 503) break;
        await new Promise((go) => setTimeout(go, 1000 * (1 + Math.random()) * 2 ** turn));
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-stream]");
      if (!fresh) throw new Error("another page");
      const focused = document.activeElement && document.activeElement.id;
      for (const part of CHANGING) {
        const [old, made] = [document.querySelector(part), page.querySelector(part)];
        if (old && made) { old.replaceWith(document.adoptNode(made)); if (window.htmx) htmx.process(document.querySelector(part)); }
      }
      mark = fresh.dataset.mark;
      show.hidden = true;
      told.textContent = line.dataset.shown;
      const again = focused && document.getElementById(focused);
      if (again) again.focus({ preventScroll: true });
    } catch {
      told.textContent = line.dataset.failed;
      show.hidden = false;
    } finally { waiting = false; }
  };

  const hear = (event) => {
    if (event.data === mark) { // as shown, again or after all
      if (!show.hidden) { show.hidden = true; told.textContent = ""; }
      return;
    }
    if (follow.checked) { renew(); return; }
    told.textContent = line.dataset.changed;
    show.hidden = false;
  };
  const watch = () => {
    if (document.hidden) { if (stream) stream.close(); stream = null; return; }
    if (stream) return;
    stream = new EventSource(line.dataset.stream);
    stream.addEventListener("mark", hear);
  };
  follow.checked = sessionStorage.getItem("follow") === "yes";
  follow.addEventListener("change", () => {
    sessionStorage.setItem("follow", follow.checked ? "yes" : "no");
    if (follow.checked && !show.hidden) renew();
  });
  show.addEventListener("click", () => { renew().then(() => document.querySelector("#main").focus()); });
  document.addEventListener("visibilitychange", watch);
  addEventListener("pagehide", () => { if (stream) stream.close(); stream = null; });
  addEventListener("pageshow", watch);
  line.hidden = false;
  watch();
})();
