// In the audio thread: turns the microphone's samples into 16-bit pieces of a tenth of a second.
const PIECE = 1600;

class Recorder extends AudioWorkletProcessor {
  constructor() { super(); this.piece = new Int16Array(PIECE); this.filled = 0; }

  process([[channel]]) {
    if (!channel) { return true; }
    for (const sample of channel) {
      this.piece[this.filled++] = Math.max(-1, Math.min(1, sample)) * 32767;
      if (this.filled === PIECE) {
        this.port.postMessage(this.piece.buffer, [this.piece.buffer]);
        this.piece = new Int16Array(PIECE);
        this.filled = 0;
      }
    }
    return true;
  }
}
registerProcessor("recorder", Recorder);
