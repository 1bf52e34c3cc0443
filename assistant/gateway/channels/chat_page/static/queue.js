// What is written and not yet answered: kept on the device under the ids under which the server knows it.
export class Queue {
  constructor(mark) { this.name = `kangban-queue-${mark}`; this.memory = []; }

  all() {
    try { return JSON.parse(localStorage.getItem(this.name) || "[]"); } catch { return this.memory; }
  }

  keep(all) {
    this.memory = all;
    try { localStorage.setItem(this.name, JSON.stringify(all)); } catch { /* then it lives as long as the page */ }
  }

  add(message) { this.keep([...this.all(), message]); }
  remove(id) { this.keep(this.all().filter((one) => one.id !== id)); }
  change(id, what) { this.keep(this.all().map((one) => (one.id === id ? { ...one, ...what } : one))); }
}

// crypto.randomUUID is not there on plain http; this is as random.
export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
