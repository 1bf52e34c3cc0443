// Calls to the server. What comes back is one of: an answer, a refusal with its code, or no line.
export class NoLine extends Error {}
export class Refusal extends Error {
  constructor(status, code) { super(code); this.status = status; this.code = code; }
}

const csrf = () => document.body.dataset.csrf;

async function call(method, path, body, timeout) {
  const options = { method, headers: {}, signal: AbortSignal.timeout(timeout) };
  if (method !== "GET") {
    options.headers = { "X-CSRF-Token": csrf(), "Content-Type": "application/json" };
    options.body = JSON.stringify(body || {});
  }
  let answer;
  try { answer = await fetch(path, options); } catch { throw new NoLine(); }
  if (answer.status === 401) { location.assign("/chat/enter"); throw new Refusal(401, "not_signed_in"); }
  let said = {};
  try { said = await answer.json(); } catch { throw new NoLine(); }
  if (!answer.ok) { throw new Refusal(answer.status, said.code || "unknown"); }
  return said;
}

export const get = (path, timeout = 20000) => call("GET", path, null, timeout);
export const post = (path, body, timeout = 90000) => call("POST", path, body, timeout);
