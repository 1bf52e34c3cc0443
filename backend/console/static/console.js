// The console's own script: it stays live by the town's event stream, sounds alarms, and draws charts.
"use strict";
(function () {
  const changed = () => document.body.dispatchEvent(new CustomEvent("kangban:changed"));
  let wait = null;
  const soon = () => { if (!wait) { wait = setTimeout(() => { wait = null; changed(); }, 250); } };

  // Live: one stream a page; where it breaks, the browser reconnects by itself, and a look every minute helps.
  if (document.body.classList.contains("inside") && window.EventSource) {
    const stream = new EventSource("/console/feed");
    stream.addEventListener("changed", soon);
    stream.addEventListener("open", () => document.body.setAttribute("data-live", "yes"));
    stream.addEventListener("error", () => document.body.setAttribute("data-live", "no"));
    setInterval(soon, 60000);
    window.addEventListener("pagehide", () => stream.close());
  }

  // Sound: three rising tones while an alarm waits for somebody; a button where the browser wants a click first.
  let audio = null;
  const tone = (at, pitch) => {
    const sound = audio.createOscillator(), level = audio.createGain();
    sound.frequency.value = pitch;
    level.gain.setValueAtTime(0.0001, at);
    level.gain.exponentialRampToValueAtTime(0.3, at + 0.02);
    level.gain.exponentialRampToValueAtTime(0.0001, at + 0.28);
    sound.connect(level).connect(audio.destination);
    sound.start(at);
    sound.stop(at + 0.3);
  };
  const ring = () => {
    const banner = document.querySelector("[data-raised]");
    const waiting = banner && Number(banner.getAttribute("data-raised")) > 0;
    const button = document.querySelector("[data-sound]");
    if (!waiting) { return; }
    audio = audio || new AudioContext();
    if (button) { button.hidden = audio.state === "running"; }
    if (audio.state !== "running") { return; }
    const now = audio.currentTime;
    [660, 880, 1100].forEach((pitch, number) => tone(now + number * 0.32, pitch));
    document.body.setAttribute("data-rang", String(Number(document.body.getAttribute("data-rang") || 0) + 1));
  };
  document.addEventListener("click", (event) => {
    const unlocks = event.target.closest("[data-sound]");
    if (audio && audio.state !== "running") { audio.resume().then(() => { if (unlocks) { ring(); } }); }
    const prints = event.target.closest("[data-print]");
    if (prints) { window.print(); }
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target && event.detail.target.id === "alarm-banner") { ring(); }
  });
  setInterval(ring, 8000);

  // Focus stays where it was when a part of the page is drawn anew.
  let focused = null;
  document.body.addEventListener("htmx:beforeSwap", () => {
    focused = document.activeElement && document.activeElement.id;
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    const again = focused && document.getElementById(focused);
    if (again && document.activeElement !== again) { again.focus({ preventScroll: true }); }
  });

  // The menu is open on wide screens, folded on a telephone.
  const menu = document.getElementById("menu");
  if (menu) { menu.open = window.matchMedia("(min-width: 901px)").matches; }

  // A form that was sent is not sent twice by a double click.
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (event.target.method === "post" && button) { setTimeout(() => { button.disabled = true; button.setAttribute("data-sent", ""); }, 0); }
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("button[data-sent]").forEach((button) => { button.disabled = false; });
  });

  // Charts are drawn from the table beside them: what is seen and what is read aloud are the same numbers.
  const draw = () => {
    document.querySelectorAll("[data-chart]").forEach((place) => {
      const table = document.getElementById(place.getAttribute("data-chart"));
      if (!table || !window.echarts || place.hasAttribute("data-drawn")) { return; }
      place.setAttribute("data-drawn", "");
      const heads = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim());
      const rows = [...table.tBodies[0].rows];
      const chart = window.echarts.init(place, null, { renderer: "svg" });
      const kind = place.getAttribute("data-kind") || "line";
      chart.setOption({
        animation: false,
        color: ["#0b5f5a", "#a3201a", "#1c4f86", "#7a4d00"],
        grid: { left: 44, right: 12, top: heads.length > 1 ? 32 : 14, bottom: 26 },
        legend: { show: heads.length > 1, top: 0 },
        tooltip: { trigger: "axis", renderMode: "richText" },
        xAxis: { type: "category", data: rows.map((row) => row.cells[0].textContent.trim()) },
        yAxis: { type: "value", scale: kind === "line" },
        series: heads.map((name, at) => ({
          name, type: kind, symbol: ["circle", "rect", "triangle", "diamond"][at % 4], symbolSize: 6,
          data: rows.map((row) => { const text = row.cells[at + 1].textContent.trim(); return text === "—" ? null : Number(text); }),
        })),
      });
      window.addEventListener("resize", () => chart.resize());
    });
  };
  draw();
  document.body.addEventListener("htmx:afterSettle", draw);
})();
