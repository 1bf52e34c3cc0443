// Draws the conversation: one group for each turn or thing we said, in order, never twice.
export const word = (name) => document.querySelector(`#words [data-word="${name}"]`).textContent;
export const at = (id) => document.getElementById(id);

const made = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) { element.className = className; }
  if (text !== undefined) { element.textContent = text; }
  return element;
};

export function timeOf(iso) {
  const then = new Date(iso);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(then).setHours(0, 0, 0, 0)) / 86400000);
  const clock = then.toLocaleTimeString("zh-CN", { hour: "numeric", minute: "2-digit" });
  if (days === 0) { return clock; }
  return `${days === 1 ? word("yesterday") : then.toLocaleDateString("zh-CN", { month: "long", day: "numeric" })} ${clock}`;
}

export class View {
  constructor(readAloud) { this.log = at("log"); this.groups = new Map(); this.readAloud = readAloud; }

  has(key) { return this.groups.has(key); }

  group(key, { first = false, iso } = {}) {
    if (this.groups.has(key)) { return this.groups.get(key); }
    const group = made("div", "group");
    if (iso) { group.append(made("p", "time", timeOf(iso))); }
    if (first) { this.log.prepend(group); } else { this.log.append(group); }
    this.groups.set(key, group);
    return group;
  }

  // Her own words, and how far they have come, said in words.
  mine(group, text, state) {
    let bubble = group.querySelector(".mine");
    if (!bubble) {
      bubble = made("div", "mine");
      const words = made("div", "bubble");
      words.append(made("span", "for-ears", `${word("me")}：`), made("span", "words"));
      bubble.append(words, made("span", "state"));
      group.append(bubble);
    }
    bubble.querySelector(".words").textContent = text;
    bubble.querySelector(".state").textContent = state ? word(state) : "";
    bubble.dataset.state = state || "";
  }

  // Our words, each with its button that reads it aloud.
  ours(group, key, texts) {
    group.querySelectorAll(".ours").forEach((old) => old.remove());
    texts.forEach((text, number) => {
      const row = made("div", "ours");
      const bubble = made("div", "bubble");
      bubble.append(made("span", "for-ears", `${word("us")}：`), made("span", "words", text));
      const read = made("button", "read", word("read"));
      read.type = "button";
      read.setAttribute("aria-label", word("read-long") + text.slice(0, 20));
      read.addEventListener("click", () => this.readAloud(read, key, number));
      row.append(bubble);
      if (key) { row.append(read); }
      group.append(row);
    });
  }

  rename(key, better) {
    if (!better || better === key) { return; }
    this.groups.set(better, this.groups.get(key));
    this.groups.delete(key);
  }

  forget(key) { this.groups.get(key)?.remove(); this.groups.delete(key); }

  toEnd() { const last = this.log.lastElementChild; if (last) { last.scrollIntoView({ block: "end" }); } }

  status(name, kind = "") { at("status").textContent = name ? word(name) : ""; at("status").dataset.kind = name ? kind : ""; }

  quick(choices, choose) {
    const place = at("quick");
    const focused = place.contains(document.activeElement);
    place.replaceChildren(...choices.map((choice) => {
      const button = made("button", "choice", choice);
      button.type = "button";
      button.addEventListener("click", () => choose(choice));
      return button;
    }));
    place.hidden = choices.length === 0;
    if (focused && choices.length === 0) { (at("speaking").hidden ? at("text") : at("talk")).focus(); }
  }
}
