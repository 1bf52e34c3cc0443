// The page: what is written is kept until it is answered, what we say arrives by itself, nothing is lost by a reload.
import { ReadAloud } from "./aloud.js";
import { setUpHelp } from "./help.js";
import { newId, Queue } from "./queue.js";
import { get, NoLine, post } from "./server.js";
import { Talk } from "./talk.js";
import { at, timeOf, View, word } from "./view.js";

const STALE_MS = 3600 * 1000;
const AGAIN_MS = [2000, 4000, 8000, 15000];
const TRIES = 8;

const queue = new Queue(document.body.dataset.mark);
const aloud = new ReadAloud((name) => settle(name));
let silence = () => {}; // ends the spoken answer: two voices at once are understood by nobody
const view = new View((button, key, number) => { silence(); aloud.press(button, key, number); });
let line = true, thinking = false, busy = false, pumping = false, before = null, retry = null;

// One honest line: what is going on now.
function settle(name) {
  if (name) { view.status(name, "busy"); return; }
  if (!line) { view.status("offline", "warn"); return; }
  if (busy) { view.status("again", "warn"); return; }
  view.status(thinking ? "thinking" : "", "busy");
}
const keyOf = (id) => `turn:chat:${id}`;
const wait = (ms) => new Promise((done) => { retry = done; setTimeout(done, ms); });
const hasLine = (yes) => { if (line !== yes) { line = yes; settle(""); } };

function say(text) {
  text = text.trim();
  if (!text) { return; }
  aloud.stop();
  silence();
  const message = { id: newId(), text, at: new Date().toISOString(), tries: 0 };
  queue.add(message);
  view.quick([], () => {});
  draw(message, "waiting");
  view.toEnd();
  pump();
}

function draw(message, state) {
  view.mine(view.group(keyOf(message.id), { iso: message.at }), message.text, state);
}

async function pump() {
  if (pumping) { retry?.(); return; }
  pumping = true;
  let pauses = 0;
  try {
    for (let next = queue.all()[0]; next; next = queue.all()[0]) {
      if (Date.now() - new Date(next.at) > STALE_MS && !next.sure && !(await isMeant(next))) {
        queue.remove(next.id);
        draw(next, "dropped");
        continue;
      }
      draw(next, "sending");
      thinking = true;
      settle("");
      let told = null;
      try {
        told = await post("/chat/turns", { message_id: next.id, text: next.text });
        hasLine(true);
      } catch (error) {
        thinking = false;
        if (error.status === 401) { return; }
        if (!(error instanceof NoLine) && error.status < 500 && error.status !== 429) {
          queue.remove(next.id);
          draw(next, "failed");
          settle("");
          continue;
        }
        draw(next, "waiting");
        busy = !(error instanceof NoLine);
        hasLine(busy);
        settle("");
        await wait(AGAIN_MS[Math.min(pauses++, AGAIN_MS.length - 1)]);
        continue;
      }
      thinking = false;
      if (told.error && next.tries + 1 < TRIES) {
        queue.change(next.id, { tries: next.tries + 1 });
        draw(next, "waiting");
        busy = true;
        settle("");
        await wait(AGAIN_MS[Math.min(pauses++, AGAIN_MS.length - 1)]);
        continue;
      }
      busy = false;
      pauses = 0;
      queue.remove(next.id);
      draw(next, told.error ? "failed" : "sent");
      answered(told.key, told, queue.all().length === 0);
      settle("");
    }
  } finally { pumping = false; thinking = false; }
}

function answered(key, told, last = true, group = view.group(key)) {
  view.ours(group, key, told.replies);
  if (last) { view.quick(told.quick || [], say); }
  view.toEnd();
}

// Hours later, 「明天」 means another day: she is asked before such words are sent.
function isMeant(message) {
  const box = at("stale");
  at("stale-when").textContent = word("stale").replace("{when}", timeOf(message.at));
  at("stale-text").textContent = message.text;
  return new Promise((decide) => {
    const end = (yes) => { box.close(); if (yes) { queue.change(message.id, { sure: true }); } decide(yes); };
    at("stale-send").onclick = () => end(true);
    at("stale-drop").onclick = () => end(false);
    box.oncancel = (event) => event.preventDefault();
    box.showModal();
  });
}

function drawEntry(entry, first) {
  if (view.has(entry.key)) {
    const known = view.group(entry.key);
    if (entry.replies.length && !known.querySelector(".ours")) { // it was answered while we did not look
      if (entry.kind === "turn") { view.mine(known, entry.text, entry.spoken ? "spoken" : "sent"); }
      view.ours(known, entry.key, entry.replies);
    }
    return;
  }
  const group = view.group(entry.key, { first, iso: entry.at });
  if (entry.kind === "turn") { view.mine(group, entry.text, entry.replies.length ? (entry.spoken ? "spoken" : "sent") : ""); }
  view.ours(group, entry.key, entry.replies);
}

async function load() {
  const told = await get("/chat/history");
  const answeredKeys = new Set(told.entries.filter((entry) => entry.replies.length).map((entry) => entry.key));
  const waits = queue.all().filter((message) => !answeredKeys.has(keyOf(message.id)));
  queue.keep(waits);
  told.entries.forEach((entry) => { if (!waits.some((message) => keyOf(message.id) === entry.key)) { drawEntry(entry, false); } });
  if (before === null) { before = told.before; at("older").hidden = before === null; }
  const last = told.entries.at(-1);
  if (last && waits.length === 0) { view.quick(last.quick || [], say); }
  return waits;
}

async function older() {
  const button = at("older");
  const top = at("log").firstElementChild;
  const told = await get(`/chat/history?before=${before}`);
  [...told.entries].reverse().forEach((entry) => drawEntry(entry, true));
  before = told.before;
  button.hidden = before === null;
  top?.scrollIntoView({ block: "start" });
}

// What we say first arrives here; it counts as heard when it stands on a page that is being looked at.
async function live() {
  for (let pauses = 0; ;) {
    try {
      const told = await get("/chat/live?wait=25", 40000);
      hasLine(true);
      pauses = 0;
      if (queue.all().length) { pump(); }
      for (const entry of told.entries) {
        await visible();
        drawEntry(entry, false);
        if (!thinking) { view.quick(entry.quick || [], say); }
        view.toEnd();
        await post(`/chat/live/${entry.said}/heard`);
      }
    } catch (error) {
      if (error.status === 401) { return; }
      hasLine(!(error instanceof NoLine));
      const pause = wait_(AGAIN_MS[Math.min(pauses++, AGAIN_MS.length - 1)]);
      await pause;
    }
  }
}
const wait_ = (ms) => new Promise((done) => { const timer = setTimeout(done, ms); addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true }); });
const visible = () => new Promise((done) => {
  if (document.visibilityState === "visible") { done(); return; }
  const look = () => { if (document.visibilityState === "visible") { document.removeEventListener("visibilitychange", look); done(); } };
  document.addEventListener("visibilitychange", look);
});

function setUpWriting() {
  const text = at("text");
  const send = () => { say(text.value); text.value = ""; text.focus(); };
  at("writing").addEventListener("submit", (event) => { event.preventDefault(); send(); });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
  });
}

// Talking and writing, one at a time; which of the two she used last is kept.
function setUpTalking() {
  const can = document.body.dataset.voice === "yes" && Boolean(navigator.mediaDevices?.getUserMedia) && "AudioWorkletNode" in window;
  if (!can) { return; }
  const show = (talking, focus) => {
    at("speaking").hidden = !talking;
    at("writing").hidden = talking;
    try { localStorage.setItem("kangban-way", talking ? "talking" : "writing"); } catch { /* asked anew next time */ }
    if (focus) { at(talking ? "talk" : "text").focus(); }
  };
  at("to-speaking").hidden = false;
  at("to-speaking").addEventListener("click", () => show(true, true));
  at("to-writing").addEventListener("click", () => show(false, true));
  let way = null;
  try { way = localStorage.getItem("kangban-way"); } catch { /* talking, then */ }
  show(way !== "writing", false);
  const key = (utterance) => `turn:voice:${utterance}`;
  const talk = new Talk({
    begin: () => { aloud.stop(); view.quick([], say); },
    tell: settle,
    heard: (utterance, text, whole) => {
      view.mine(view.group(key(utterance), { iso: new Date().toISOString() }), text, whole ? "spoken" : "hearing");
      view.toEnd();
    },
    answered: (told) => {
      const group = view.group(key(told.utterance));
      view.rename(key(told.utterance), told.key);
      view.mine(group, told.text, "spoken");
      answered(told.key, told, true, group);
    },
    gone: (code, status) => {
      settle("");
      load().catch(() => {}); // an answer that she did not wait for
      if (status) { view.status(status, "warn"); }
      if (code === 4401) { location.assign("/chat/enter"); }
    },
  });
  silence = () => talk.hush();
  addEventListener("pagehide", () => talk.silence());
}

async function begin() {
  navigator.serviceWorker?.register("/chat/static/keeper.js", { scope: "/chat" }).catch(() => {}); // not on plain http
  setUpWriting();
  setUpTalking();
  setUpHelp((id, told) => {
    view.mine(view.group(keyOf(id), { iso: new Date().toISOString() }), told.text, "sent");
    answered(told.key, told);
  });
  at("older").addEventListener("click", () => older().catch(() => hasLine(false)));
  addEventListener("offline", () => hasLine(false));
  addEventListener("online", () => { hasLine(true); pump(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") { load().catch(() => {}); } });
  let waits = queue.all();
  try { waits = await load(); } catch (error) { if (error.status === 401) { return; } hasLine(!(error instanceof NoLine)); }
  waits.forEach((message) => draw(message, "waiting"));
  view.toEnd();
  at("log").setAttribute("aria-live", "polite");
  document.body.dataset.ready = "yes";
  pump();
  live();
}

begin();
