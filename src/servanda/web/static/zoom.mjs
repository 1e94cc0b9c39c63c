// The map that can be zoomed and played, beside the still picture: loaded when somebody asks for it.
// What it draws is the data of the page (JSON) and the base map; nothing comes from elsewhere.
const root = document.querySelector(".zoom");
const told = root?.dataset;
const part = (selector) => root.querySelector(selector);
const ask = (what) => part(`[data-do=${what}]`);
const still = document.querySelector(".still");
const STATUSES = { claimed: "claimed", nobody: "occ", alleged: "alleged", found: "found", decided: "decided" };
const RANK = Object.keys(STATUSES);
const WEEK = 7 * 86400000;
const STEP_MS = 700;
const SHOWN = 8; // records that a mark lists
let state = null;

const colour = (value) => {
  const name = /var\((--\w+)\)/.exec(value || "");
  return name ? getComputedStyle(document.documentElement).getPropertyValue(name[1]).trim() : value;
};

// A shape of the page as an image for the map, so that both are one.
const picture = (id, ring) => {
  const size = 40;
  const canvas = new OffscreenCanvas(size, size);
  const pen = canvas.getContext("2d");
  pen.scale(size / 20, size / 20);
  pen.translate(2, 2);
  for (const shape of document.getElementById(id).children) {
    const path = new Path2D(shape.getAttribute("d"));
    const fill = shape.getAttribute("fill");
    if (fill?.startsWith("url")) {
      pen.save(); pen.clip(path);
      pen.fillStyle = colour("var(--paper)"); pen.fill(path);
      pen.strokeStyle = colour("var(--breach)"); pen.lineWidth = 1.1;
      for (let x = -16; x < 32; x += 3) { pen.beginPath(); pen.moveTo(x, 16); pen.lineTo(x + 16, 0); pen.stroke(); }
      pen.restore();
    } else if (fill && fill !== "none") { pen.fillStyle = colour(fill); pen.fill(path); }
    else { pen.fillStyle = colour("var(--paper)"); pen.globalAlpha = 0.7; pen.fill(path); pen.globalAlpha = 1; }
    if (shape.getAttribute("stroke")) {
      pen.strokeStyle = colour(shape.getAttribute("stroke"));
      pen.lineWidth = Number(shape.getAttribute("stroke-width"));
      pen.setLineDash((shape.getAttribute("stroke-dasharray") || "").split(" ").filter(Boolean).map(Number));
      pen.stroke(path); pen.setLineDash([]);
    }
  }
  if (ring) {
    pen.strokeStyle = colour("var(--ink)"); pen.lineWidth = 1.1; pen.setLineDash([2, 1.6]);
    pen.beginPath(); pen.arc(8, 8, 9.3, 0, 7); pen.stroke();
  }
  return pen.getImageData(0, 0, size, size);
};

const hatch = (every) => {
  const canvas = new OffscreenCanvas(every, every);
  const pen = canvas.getContext("2d");
  pen.strokeStyle = colour("var(--nodata)"); pen.globalAlpha = 0.55; pen.lineWidth = 1;
  for (const shift of [-every, 0, every]) { pen.beginPath(); pen.moveTo(shift, 0); pen.lineTo(shift + every, every); pen.stroke(); }
  return pen.getImageData(0, 0, every, every);
};

const words = (size, extra) => ({ "text-field": ["get", "name"], "text-font": ["sans-serif"], "text-size": size, "text-padding": 6, ...extra });
const halo = (ink) => ({ "text-color": colour(ink), "text-halo-color": colour("var(--land)"), "text-halo-width": 1.4 });

const style = (base, data) => {
  const of = (...kinds) => ["in", ["get", "kind"], ["literal", kinds]];
  const share = (unit) => data.observed[unit];
  const units = base.features.filter((f) => f.properties.kind === "unit" && share(f.properties.unit) !== undefined);
  const silent = (most, least) => ({ type: "FeatureCollection", features: units.filter((f) => share(f.properties.unit) <= most && share(f.properties.unit) >= least) });
  const zones = { type: "FeatureCollection", features: data.zones.map((z) => ({ type: "Feature", properties: { name: z.label, line: z.line }, geometry: z.geometry })) };
  const told = (kind) => ({ type: "FeatureCollection", features: data.layers.filter((l) => l.kind === kind).map((l) => ({ type: "Feature", properties: { name: l.letter, odd: l.letter.charCodeAt(l.letter.length - 1) % 2 }, geometry: l.geometry })) });
  // Every letter is there, whatever else is: no actor's layer goes without its key.
  const lettered = { "symbol-placement": "point", "text-allow-overlap": true, "text-ignore-placement": true, "text-offset": ["case", ["==", ["get", "odd"], 1], ["literal", [0, 0]], ["literal", [1.4, 0]]] };
  const claims = { visibility: document.getElementById("l-claims")?.checked ? "visible" : "none" };
  return {
    version: 8,
    sources: {
      base: { type: "geojson", data: base }, none: { type: "geojson", data: silent(0, 0) },
      some: { type: "geojson", data: silent(1 / 3 - 1e-9, 1e-9) }, zones: { type: "geojson", data: zones },
      control: { type: "geojson", data: told("control") }, claims: { type: "geojson", data: told("claim") },
      marks: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": colour("var(--sea)") } },
      { id: "abroad", type: "fill", source: "base", filter: of("abroad"), paint: { "fill-color": colour("var(--abroad)"), "fill-outline-color": colour("var(--oblast)") } },
      { id: "home", type: "fill", source: "base", filter: of("home"), paint: { "fill-color": colour("var(--land)") } },
      { id: "control", type: "fill", source: "control", paint: { "fill-color": colour("var(--ink)"), "fill-opacity": 0.07 } },
      { id: "control-edge", type: "line", source: "control", paint: { "line-color": colour("var(--ink2)"), "line-width": 0.8 } },
      { id: "none", type: "fill", source: "none", paint: { "fill-pattern": "hatch-none" } },
      { id: "some", type: "fill", source: "some", paint: { "fill-pattern": "hatch-some" } },
      { id: "units", type: "line", source: "base", filter: of("unit"), paint: { "line-color": colour("var(--oblast)"), "line-width": 0.8 } },
      { id: "claims", type: "line", source: "claims", layout: claims, paint: { "line-color": colour("var(--ink2)"), "line-width": 1.4, "line-dasharray": [1.4, 2.8] } },
      { id: "areas", type: "fill", source: "zones", filter: ["!", ["get", "line"]], paint: { "fill-color": colour("var(--zone)"), "fill-opacity": 0.12 } },
      { id: "lines", type: "line", source: "zones", paint: { "line-color": colour("var(--zone)"), "line-width": 1.6, "line-dasharray": [3, 2] } },
      { id: "border", type: "line", source: "base", filter: of("border"), paint: { "line-color": colour("var(--border)"), "line-width": 1.9 } },
      { id: "seas", type: "symbol", source: "base", filter: of("sea"), layout: words(12, { "text-font": ["serif"] }), paint: { "text-color": colour("var(--ink3)") } },
      { id: "dots", type: "circle", source: "base", filter: of("city", "town"), paint: { "circle-radius": ["case", ["==", ["get", "kind"], "city"], 2.6, 1.8], "circle-color": colour("var(--ink)") } },
      { id: "towns", type: "symbol", source: "base", filter: of("city", "town"), layout: words(11, { "text-anchor": "left", "text-offset": [0.5, 0], "symbol-sort-key": ["case", ["==", ["get", "kind"], "city"], 0, 1] }), paint: halo("var(--ink2)") },
      { id: "countries", type: "symbol", source: "base", filter: of("country"), layout: words(12, { "text-letter-spacing": 0.18 }), paint: halo("var(--ink2)") },
      { id: "named", type: "symbol", source: "zones", layout: words(11, { "symbol-placement": "point" }), paint: halo("var(--zone)") },
      { id: "control-named", type: "symbol", source: "control", layout: words(13, lettered), paint: halo("var(--ink)") },
      { id: "claims-named", type: "symbol", source: "claims", layout: words(13, { ...lettered, ...claims }), paint: halo("var(--ink)") },
      { id: "marks", type: "symbol", source: "marks", layout: { "icon-image": ["get", "icon"], "icon-size": 0.5, "icon-allow-overlap": true, "icon-ignore-placement": true, "text-field": ["get", "number"], "text-font": ["sans-serif"], "text-size": 11, "text-offset": [1, -0.7], "text-optional": true, "symbol-sort-key": ["get", "rank"] }, paint: { ...halo("var(--ink)"), "icon-opacity": ["case", ["get", "now"], 1, 0.4] } },
    ],
  };
};

// Occurrences up to a week as one mark for each point; those of the week in full, earlier ones pale.
const marks = (data, end) => {
  const at = new Map();
  let count = 0;
  for (const one of data.occurrences.features) {
    const when = Date.parse(one.properties.at);
    if (!one.geometry || when >= end) continue;
    const now = end === Infinity || when >= end - WEEK;
    count += now;
    const key = one.geometry.coordinates.join();
    if (!at.has(key)) at.set(key, { geometry: one.geometry, records: [], rank: -1, fresh: -1, now: false, ring: false, here: 0 });
    const found = at.get(key);
    const rank = RANK.indexOf(one.properties.status);
    if (now && !found.now) { found.now = true; found.rank = rank; found.here = 0; found.records = []; }
    if (now === found.now) { found.rank = Math.max(found.rank, rank); found.here += 1; found.records.push(...one.properties.records); }
    found.ring ||= one.properties.undetermined;
  }
  const features = [...at.values()].map((one) => ({
    type: "Feature", geometry: one.geometry,
    properties: { icon: RANK[one.rank] + (one.ring ? "-ring" : ""), number: one.here > 1 ? String(one.here) : "", rank: one.rank, now: one.now, records: JSON.stringify(one.records.slice(0, SHOWN)), all: one.records.length },
  }));
  return { count, collection: { type: "FeatureCollection", features } };
};

const day = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const say = (text) => { part("[role=status]").textContent = text; };

const show = () => {
  const { map, data, first } = state;
  const week = part("#week");
  const whole = state.whole;
  const found = marks(data, whole ? Infinity : first + (Number(week.value) + 1) * WEEK);
  map.getSource("marks").setData(found.collection);
  const text = `${whole ? told.all : `${told.week} ${day.format(first + Number(week.value) * WEEK)}`} · ${told.count}: ${found.count}`;
  week.setAttribute("aria-valuetext", text);
  say(text);
};

const stop = () => { clearInterval(state.timer); state.timer = null; ask("play").textContent = told.play; };
const play = () => {
  const week = part("#week");
  if (state.whole || Number(week.value) >= Number(week.max)) week.value = 0;
  state.whole = false;
  show();
  ask("play").textContent = told.pause;
  state.timer = setInterval(() => {
    if (Number(week.value) >= Number(week.max)) { stop(); return; }
    week.value = Number(week.value) + 1;
    show();
  }, STEP_MS);
};

const list = (library, map, event) => {
  const { records, all } = event.features[0].properties;
  const box = document.createElement("ul");
  box.className = "li np xs";
  const listed = JSON.parse(records);
  for (const id of listed) {
    const link = document.createElement("a");
    link.href = told.records.replace("ID", encodeURIComponent(id));
    link.textContent = id;
    box.append(Object.assign(document.createElement("li"), {}));
    box.lastChild.append(link);
  }
  if (all > listed.length) box.append(Object.assign(document.createElement("li"), { textContent: `+ ${all - listed.length}` }));
  new library.Popup({ maxWidth: "260px" }).setLngLat(event.features[0].geometry.coordinates).setDOMContent(box).addTo(map);
};

const bounds = (base, kind) => {
  const box = [180, 90, -180, -90];
  const visit = (c) => typeof c[0] === "number"
    ? (box[0] = Math.min(box[0], c[0]), box[1] = Math.min(box[1], c[1]), box[2] = Math.max(box[2], c[0]), box[3] = Math.max(box[3], c[1]))
    : c.forEach(visit);
  for (const one of base.features) if (one.properties.kind === kind) visit(one.geometry.coordinates);
  return box;
};

const scale = (map) => {
  const metres = 40075016.7 * Math.cos(map.getCenter().lat * Math.PI / 180) / 512 / 2 ** map.getZoom();
  const longest = 100 * metres / 1000;
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].filter((km) => km <= longest).pop() || 1;
  const line = part(".scale");
  line.textContent = `${step} km`;
  line.style.width = `${step * 1000 / metres}px`;
};

const json = async (address) => {
  const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

const open = async () => {
  say(told.loading);
  const [library, data, base] = await Promise.all([import(told.library), json(told.map), json(told.base)]);
  library.setWorkerUrl(new URL(told.worker, location.href).href);
  part(".zoomed").hidden = false;
  still.hidden = true;
  const map = new library.Map({
    container: part(".canvas"), style: style(base, data), bounds: bounds(base, "home"), maxBounds: bounds(base, "abroad"), fitBoundsOptions: { padding: 12 },
    maxZoom: Number(told.nearest), minZoom: 3, attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  const times = data.occurrences.features.filter((f) => f.geometry).map((f) => Date.parse(f.properties.at));
  const first = times.length ? Math.floor((times.reduce((a, b) => Math.min(a, b)) - 4 * 86400000) / WEEK) * WEEK + 4 * 86400000 : 0;
  state = { map, data, first, whole: true, timer: null };
  const week = part("#week");
  week.max = times.length ? Math.floor((times.reduce((a, b) => Math.max(a, b)) - first) / WEEK) : 0;
  week.value = week.max;
  for (const one of [ask("play"), ask("all"), week]) one.disabled = !times.length;
  const images = () => {
    for (const [status, id] of Object.entries(STATUSES)) {
      map.addImage(status, picture(id, false), { pixelRatio: 1 });
      map.addImage(`${status}-ring`, picture(id, true), { pixelRatio: 1 });
    }
    map.addImage("hatch-none", hatch(6));
    map.addImage("hatch-some", hatch(11));
  };
  map.on("style.load", () => { images(); show(); if (!times.length) say(told.none); });
  map.on("error", (event) => { root.dataset.fault = String(event.error?.message || event.error); });
  map.on("idle", () => { root.dataset.ready = "yes"; });
  map.on("move", () => scale(map));
  map.on("load", () => scale(map));
  map.on("click", "marks", (event) => list(library, map, event));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => map.setStyle(style(base, data), { diff: false }));
};

const close = () => {
  stop();
  state.map.remove();
  state = null;
  delete root.dataset.ready;
  part(".zoomed").hidden = true;
  still.hidden = false;
  say("");
};

if (root) {
  root.hidden = false;
  const button = ask("zoom");
  button.addEventListener("click", async () => {
    if (state) close();
    else try { await open(); } catch (error) {
      root.dataset.fault = String(error);
      if (state) close();
      part(".zoomed").hidden = true;
      still.hidden = false;
      say(told.failed);
    }
    button.setAttribute("aria-pressed", String(Boolean(state)));
    button.textContent = state ? told.still : told.zoom;
  });
  ask("in").addEventListener("click", () => state.map.zoomIn());
  ask("out").addEventListener("click", () => state.map.zoomOut());
  ask("play").addEventListener("click", () => (state.timer ? stop() : play()));
  ask("all").addEventListener("click", () => { stop(); state.whole = true; part("#week").value = part("#week").max; show(); });
  part("#week").addEventListener("input", () => { stop(); state.whole = false; show(); });
  const layer = (id, names) => document.getElementById(id)?.addEventListener("change", (event) => {
    for (const name of names) state?.map.setLayoutProperty(name, "visibility", event.target.checked ? "visible" : "none");
  });
  layer("l-observed", ["none", "some"]);
  layer("l-zones", ["areas", "lines", "named"]);
  layer("l-control", ["control", "control-edge", "control-named"]);
  layer("l-claims", ["claims", "claims-named"]);
  layer("l-marks", ["marks"]);
}
