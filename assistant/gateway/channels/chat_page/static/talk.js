// The button that is held while one speaks: microphone → 16 kHz PCM → the recogniser of the home speakers, and back.
// A short press keeps it listening until the next one, for hands that cannot hold and for screen readers.
import { at, word } from "./view.js";

const RATE = 16000;
const SHORT_MS = 500;
const LONGEST_MS = 28000;

class Player {
  constructor() { this.context = null; this.until = 0; this.rate = 24000; this.sources = new Set(); }

  begin(rate) { this.rate = rate; this.context = this.context || new AudioContext(); this.context.resume(); }

  play(pcm) {
    const samples = new Int16Array(pcm);
    const buffer = this.context.createBuffer(1, samples.length, this.rate);
    const channel = buffer.getChannelData(0);
    for (let index = 0; index < samples.length; index++) { channel[index] = samples[index] / 32768; }
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    this.until = Math.max(this.until, this.context.currentTime + 0.05);
    source.start(this.until);
    this.until += buffer.duration;
    this.sources.add(source);
    source.onended = () => this.sources.delete(source);
  }

  stop() { this.sources.forEach((source) => source.stop()); this.sources.clear(); this.until = 0; }
}

export class Talk {
  // on: { tell(status), heard(utterance, text), answered(message), begin(), gone(code) }
  constructor(on) {
    this.on = on;
    this.state = "idle";
    this.latched = false;
    this.speaking = false;
    this.player = new Player();
    this.socket = null;
    const button = at("talk");
    let downAt = 0, pointer = false;
    const down = () => { downAt = performance.now(); if (this.state === "idle") { this.start(); return; } if (this.latched) { this.stop(); downAt = -1; } };
    const up = () => {
      if (downAt < 0 || this.state === "idle") { return; }
      if (this.state === "opening" || performance.now() - downAt < SHORT_MS) { this.latched = true; this.label(); return; }
      this.stop();
    };
    button.addEventListener("pointerdown", (event) => { if (event.button !== 0) { return; } pointer = true; button.setPointerCapture(event.pointerId); down(); });
    button.addEventListener("pointerup", up);
    button.addEventListener("pointercancel", up);
    button.addEventListener("contextmenu", (event) => event.preventDefault());
    button.addEventListener("keydown", (event) => {
      if (event.key !== " " && event.key !== "Enter") { return; }
      event.preventDefault();
      if (!event.repeat) { down(); }
    });
    button.addEventListener("keyup", (event) => { if (event.key === " " || event.key === "Enter") { event.preventDefault(); up(); } });
    button.addEventListener("click", () => { if (pointer) { pointer = false; return; } down(); this.latched = this.state !== "idle"; this.label(); });
  }

  label() {
    const listening = this.state !== "idle";
    at("talk").setAttribute("aria-pressed", String(listening));
    at("talk-words").textContent = word(!listening ? "hold" : this.latched ? "press-again" : "let-go");
    if (this.state === "listening") { this.on.tell(this.latched ? "listening-on" : "listening"); }
    if (this.state === "opening") { this.on.tell("opening"); }
  }

  async start() {
    this.silence();
    this.state = "opening";
    this.latched = false;
    this.on.begin();
    this.label();
    try {
      this.stream = this.stream?.active ? this.stream : await navigator.mediaDevices.getUserMedia(
        { audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
      this.context = new AudioContext({ sampleRate: RATE });
      await this.context.audioWorklet.addModule("/chat/static/recorder.js");
    } catch { this.end("no-microphone"); return; }
    if (this.state !== "opening") { return; }
    const socket = this.connect();
    const source = this.context.createMediaStreamSource(this.stream);
    const recorder = new AudioWorkletNode(this.context, "recorder", { numberOfOutputs: 0 });
    recorder.port.onmessage = (event) => { if (this.state === "listening") { socket.give(event.data); } };
    source.connect(recorder);
    this.state = "listening";
    this.label();
    this.limit = setTimeout(() => this.stop(), LONGEST_MS);
  }

  connect() {
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/voice?held=true`);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    let waiting = [], heard = false;
    this.speaking = false;
    socket.give = (what) => { if (socket.readyState === WebSocket.OPEN) { socket.send(what); } else { waiting?.push(what); } };
    socket.onopen = () => { waiting.forEach((what) => socket.send(what)); waiting = null; };
    socket.onmessage = (event) => {
      if (this.socket !== socket) { return; }
      if (typeof event.data !== "string") { this.player.play(event.data); return; }
      const told = JSON.parse(event.data);
      if (told.type === "partial" && told.text) { this.on.heard(told.utterance, told.text, false); }
      if (told.type === "transcript" && told.text) { heard = true; this.on.heard(told.utterance, told.text, true); }
      if (told.type === "thinking") { this.on.tell("thinking"); }
      if (told.type === "answer") { heard = true; this.on.answered(told); }
      if (told.type === "audio_start") { this.speaking = true; this.player.begin(told.rate); this.on.tell("speaking"); }
    };
    socket.onclose = (event) => {
      if (this.socket !== socket) { return; }
      this.socket = null;
      if (this.state !== "idle") { this.stop(); }
      const broken = event.code >= 4000 || event.code === 1006;
      this.on.gone(event.code, heard ? "" : broken ? (navigator.onLine ? "voice-broken" : "offline") : "nothing-heard");
    };
    return socket;
  }

  stop() {
    clearTimeout(this.limit);
    const listening = this.state === "listening";
    this.state = "idle";
    this.latched = false;
    this.context?.close();
    this.context = null;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.label();
    if (!listening) { this.on.tell(""); return; }
    if (this.socket) {
      this.socket.give(new Int16Array(RATE * 0.3).buffer);
      this.socket.give('{"type":"end"}');
      this.on.tell("hearing");
    }
  }

  end(status) { this.stop(); this.on.tell(status); }

  // Ends a spoken answer; what is still being recognised or thought about goes on.
  hush() { if (this.speaking) { this.silence(); } }

  silence() {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.player.stop();
  }
}
