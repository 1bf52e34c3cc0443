// Reads a message aloud in the town's voice; pressed again, it is silent.
import { word } from "./view.js";

export class ReadAloud {
  constructor(tell) { this.tell = tell; this.sound = null; this.button = null; }

  async press(button, key, number) {
    const mine = this.button === button;
    this.stop();
    if (mine) { return; }
    this.button = button;
    button.textContent = word("stop");
    this.tell("loading");
    const sound = new Audio(`/chat/aloud?key=${encodeURIComponent(key)}&number=${number}`);
    this.sound = sound;
    sound.addEventListener("playing", () => { if (this.sound === sound) { this.tell("speaking"); } });
    sound.addEventListener("ended", () => { if (this.sound === sound) { this.stop(); } });
    try { await sound.play(); } catch { if (this.sound === sound) { this.stop(); this.tell("no-sound"); } }
  }

  stop() {
    if (this.sound) { this.sound.pause(); this.sound = null; this.tell(""); }
    if (this.button) { this.button.textContent = word("read"); this.button = null; }
  }
}
