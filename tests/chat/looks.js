// What is too small, too narrow to press, cut off, or too faint on a page; run in the page by test_eyes.py.
() => {
  const seen = (element) => element.offsetParent && !element.matches(".for-ears, .skip");
  const worded = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const all = [...document.querySelectorAll("body *")].filter(seen);
  const style = (element) => getComputedStyle(element);
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\d.]+/g).map((v) => Number(v) / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = style(one).backgroundColor;
      if (!/, 0\)$/.test(colour)) { return colour; }
    }
    return "rgb(255, 255, 255)";
  };
  const contrast = (element) => {
    const [a, b] = [light(style(element).color), light(ground(element))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const faults = {
    small: all.filter((e) => worded(e) && parseFloat(style(e).fontSize) < 20),
    narrow: all.filter((e) => e.matches("button, a, input, textarea"))
      .filter((e) => e.getBoundingClientRect().width < 60 || e.getBoundingClientRect().height < 60),
    clipped: all.filter((e) => !e.matches("textarea") && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0
      && style(e).display !== "inline" && (worded(e) || style(e).overflowX !== "visible")),
    faint: all.filter((e) => worded(e) && contrast(e) < 7),
  };
  return Object.entries(faults).flatMap(([fault, found]) => found.map((e) => `${fault}: ${e.outerHTML.slice(0, 90)}`));
}
