"""A sound card of its own for a test: PulseAudio with null sinks, whose monitors are the microphones."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

_ALSA = """
</usr/share/alsa/alsa.conf>
pcm.room_speaker {{ type pulse server "unix:{socket}" device "room" hint {{ show on }} }}
pcm.room_microphone {{ type pulse server "unix:{socket}" device "room.monitor" hint {{ show on }} }}
pcm.!default {{ type pulse server "unix:{socket}" }}
ctl.!default {{ type pulse server "unix:{socket}" }}
"""


class SoundServer:
    """A PulseAudio daemon with one null sink, ``room``; ALSA is pointed to it by the environment."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "native"
        self._config = folder / "asound.conf"
        self._config.write_text(_ALSA.format(socket=self.socket))
        self._environment = {
            **os.environ,
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_SERVER": f"unix:{self.socket}",
            "PULSE_COOKIE": str(folder / "cookie"),
        }
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
        command += [f"--load=module-native-protocol-unix socket={self.socket} auth-anonymous=1"]
        self._process = subprocess.Popen(
            command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._module = ""
        until = time.monotonic() + 20
        while not self.socket.exists() and time.monotonic() < until:
            time.sleep(0.05)
        self.plug_in()

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to use it."""
        return {"ALSA_CONFIG_PATH": str(self._config), "PULSE_SERVER": f"unix:{self.socket}"}

    def _control(self, *words: str) -> str:
        done = subprocess.run(
            ["pactl", *words], env=self._environment, check=True, capture_output=True, text=True, timeout=20
        )
        return done.stdout.strip()

    def plug_in(self) -> None:
        """Plug the sound card in."""
        self._module = self._control("load-module", "module-null-sink", "sink_name=room")

    def unplug(self) -> None:
        """Pull it out."""
        self._control("unload-module", self._module)

    def end(self) -> None:
        """End the daemon that was started here."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
