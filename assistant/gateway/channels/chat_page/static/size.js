// How large the letters are: four sizes up to twice the usual, kept on this device.
const SIZES = ["100", "130", "160", "200"];
const kept = () => { try { return localStorage.getItem("kangban-size"); } catch { return null; } };

function set(size) {
  document.documentElement.setAttribute("data-size", size);
  try { localStorage.setItem("kangban-size", size); } catch { /* private mode: it holds for this page */ }
}

set(SIZES.includes(kept()) ? kept() : SIZES[0]);
document.getElementById("size")?.addEventListener("click", () => {
  const now = document.documentElement.getAttribute("data-size");
  set(SIZES[(SIZES.indexOf(now) + 1) % SIZES.length]);
});
