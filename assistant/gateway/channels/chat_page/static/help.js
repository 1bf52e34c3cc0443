// 「叫人」: counts five seconds down and raises the alarm by itself, for who presses may not be able to press again.
import { NoLine, post } from "./server.js";
import { newId } from "./queue.js";
import { at, word } from "./view.js";

const SECONDS = 5;
const AGAIN_MS = 3000;

export function setUpHelp(raised) {
  const box = at("calling");
  let counting = null, left = 0, waiting = null;

  const show = (asking) => {
    at("asking").hidden = !asking;
    at("called").hidden = asking;
    at("called-close").hidden = asking;
    box.setAttribute("aria-labelledby", asking ? "calling-title" : "called-title");
  };
  const stop = () => { clearInterval(counting); counting = null; };
  const say = (title, lines) => {
    at("called-title").textContent = title;
    at("called-words").replaceChildren(...lines.map((line) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = line;
      return paragraph;
    }));
  };

  async function raise(id) {
    stop();
    show(false);
    say(word("calling"), []);
    at("called-title").focus();
    for (;;) {
      try {
        const told = await post("/chat/help", { message_id: id }, 15000);
        say(word("called"), told.replies);
        raised(id, told);
        return;
      } catch (error) {
        if (!(error instanceof NoLine) && error.status < 500 && error.status !== 429) { say(word("not-called"), []); return; }
        say(word("not-called"), [word("not-called-long")]);
        await new Promise((again) => { waiting = setTimeout(again, AGAIN_MS); addEventListener("online", again, { once: true }); });
        clearTimeout(waiting);
      }
    }
  }

  at("help").addEventListener("click", () => {
    if (box.open) { return; }
    const id = newId();
    left = SECONDS;
    at("seconds").textContent = String(left);
    show(true);
    box.showModal();
    at("call-now").focus();
    at("call-now").onclick = () => raise(id);
    counting = setInterval(() => {
      left -= 1;
      at("seconds").textContent = String(left);
      if (left <= 0) { raise(id); }
    }, 1000);
  });
  at("call-not").addEventListener("click", () => { stop(); box.close(); at("help").focus(); });
  at("called-close").addEventListener("click", () => { box.close(); at("help").focus(); });
  box.addEventListener("cancel", (event) => { if (!at("asking").hidden) { stop(); } else { event.preventDefault(); box.close(); } });
}
