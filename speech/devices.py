"""Microphones and loudspeakers of this machine, through PortAudio; one may be unplugged and plugged in again.

PortAudio knows only the devices that were there when it was started. It is started anew while one is missing,
which closes every stream: so all of it goes through one SoundCards object with one lock.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from speech.errors import DeviceError, EngineMissing, NoSuchDevice
from speech.models import FRAME_BYTES, FRAME_SAMPLES, RATE, SAMPLE_BYTES, Device, Sound

log = logging.getLogger(__name__)

SILENT_S = 3.0
"""A microphone that gives nothing for so long is gone: a quiet room still gives frames, of near zeros."""

AGAIN_S = 1.0
"""Pause between two looks for a device that is gone, in seconds."""

KEPT_FRAMES = round(60 / (FRAME_SAMPLES / RATE))
"""Frames that wait for whoever listens, at most a minute; older ones are dropped."""

PIECE_S = 0.05
"""Sound that is written at once: how soon ``stop`` is heard, in seconds."""


@contextmanager
def _quietly() -> Iterator[None]:
    """ALSA tells on standard error of every device that is not there; nobody can do anything about it."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


class SoundCards:
    """PortAudio of this process. Threadsafe."""

    def __init__(self) -> None:
        """Start PortAudio.

        Raises:
            EngineMissing: its library is not installed.
        """
        try:
            with _quietly():
                import sounddevice
        except (ImportError, OSError) as error:
            raise EngineMissing("PortAudio is not installed: apt-get install libportaudio2") from error
        self._audio: Any = sounddevice
        self._lock = threading.RLock()
        self._open = 0

    def devices(self) -> tuple[Device, ...]:
        """Return what is plugged in now."""
        with self._lock:
            self._look_again()
            default_in, default_out = self._defaults()
            return tuple(
                Device(
                    name=str(found["name"]),
                    inputs=int(found["max_input_channels"]),
                    outputs=int(found["max_output_channels"]),
                    default_input=number == default_in,
                    default_output=number == default_out,
                )
                for number, found in enumerate(self._audio.query_devices())
            )

    def _defaults(self) -> tuple[int, int]:
        api = self._audio.query_hostapis()
        first = api[0] if api else {}
        return int(first.get("default_input_device", -1)), int(first.get("default_output_device", -1))

    def _look_again(self) -> None:
        if self._open == 0:
            with _quietly():
                self._audio._terminate()
                self._audio._initialize()

    def open(self, make: Callable[[Any, int | None], Any], *, name: str | None, inputs: bool) -> Any:
        """Open and start a stream.

        Args:
            make: makes it from the library and the device's number (None for the system's own).
            name: the device's name or a part of it, None for the system's own.
            inputs: whether it is to listen.

        Raises:
            NoSuchDevice: nothing of that name is plugged in.
            DeviceError: it cannot be opened.
        """
        with self._lock:
            self._look_again()
            number = self._number(name, inputs=inputs)
            try:
                with _quietly():
                    stream = make(self._audio, number)
                    stream.start()
            except Exception as error:
                what = "microphone" if inputs else "loudspeaker"
                raise DeviceError(f"The {what} cannot be opened: {error}") from error
            self._open += 1
            return stream

    def _number(self, name: str | None, *, inputs: bool) -> int | None:
        channels = "max_input_channels" if inputs else "max_output_channels"
        fitting = [
            (number, str(found["name"]))
            for number, found in enumerate(self._audio.query_devices())
            if found[channels] > 0
        ]
        if not fitting:
            raise NoSuchDevice("No microphone is plugged in." if inputs else "No loudspeaker is plugged in.")
        if name is None:
            return None
        same = [number for number, known in fitting if known == name]
        alike = [number for number, known in fitting if name.casefold() in known.casefold()]
        if not same and not alike:
            known = "; ".join(known for _, known in fitting)
            raise NoSuchDevice(f"No device called {name!r} is plugged in; there are: {known}")
        return (same or alike)[0]

    def shut(self, stream: Any) -> None:
        """Close a stream, whatever state its device is in."""
        with self._lock:
            self._open -= 1
            with suppress(Exception), _quietly():
                stream.abort()
            with suppress(Exception), _quietly():
                stream.close()


class DeviceMicrophone:
    """A microphone of this machine. While it is unplugged nothing comes; when it is back, it goes on.

    Args:
        cards: PortAudio.
        name: see ``SoundCards.open``.
        changed: told False when the device is gone, True when it is there (again).
    """

    def __init__(
        self,
        cards: SoundCards,
        name: str | None = None,
        *,
        changed: Callable[[bool], None] = lambda _there: None,
    ) -> None:
        self._cards, self._name, self._changed = cards, name, changed
        self._frames: queue.Queue[bytes | None] = queue.Queue(maxsize=KEPT_FRAMES)
        self._closed = threading.Event()
        self.dropped = 0
        """Frames that nobody took in time."""

    def frames(self) -> Iterator[bytes]:
        """Yield frames.

        Raises:
            DeviceError: there is no such device at the beginning.
        """
        stream = self._opened()
        self._changed(True)
        try:
            while not self._closed.is_set():
                try:
                    frame = self._frames.get(timeout=SILENT_S)
                except queue.Empty:
                    if self._closed.is_set():
                        return
                    self._changed(False)
                    log.warning("the microphone is gone; looking for it")
                    self._cards.shut(stream)
                    stream = None
                    stream = self._back()
                    if stream is None:
                        return
                    self._changed(True)
                    continue
                if frame is None:
                    return
                yield frame
        finally:
            if stream is not None:
                self._cards.shut(stream)

    def _opened(self) -> Any:
        rest = bytearray()

        def take(data: Any, _count: int, _time: Any, _status: Any) -> None:
            rest.extend(bytes(data))
            while len(rest) >= FRAME_BYTES:
                frame = bytes(rest[:FRAME_BYTES])
                del rest[:FRAME_BYTES]
                try:
                    self._frames.put_nowait(frame)
                except queue.Full:
                    self.dropped += 1

        def make(audio: Any, number: int | None) -> Any:
            return audio.RawInputStream(
                samplerate=RATE,
                channels=1,
                dtype="int16",
                blocksize=FRAME_SAMPLES,
                device=number,
                callback=take,
            )

        return self._cards.open(make, name=self._name, inputs=True)

    def _back(self) -> Any | None:
        """Wait until the device is there again; None where we were closed meanwhile."""
        while not self._closed.wait(AGAIN_S):
            try:
                return self._opened()
            except DeviceError:
                continue
        return None

    def close(self) -> None:
        """End the iteration."""
        self._closed.set()
        with suppress(queue.Full):
            self._frames.put_nowait(None)


class DeviceLoudspeaker:
    """A loudspeaker of this machine; opened for each answer, so that one that comes back is used again."""

    def __init__(self, cards: SoundCards, name: str | None = None) -> None:
        self._cards, self._name = cards, name
        self._stopped = threading.Event()

    def play(self, sounds: Iterable[Sound]) -> bool:
        """Play.

        Raises:
            DeviceError: it is not there, or went away.
        """
        self._stopped.clear()
        stream: Any = None
        rate = 0
        try:
            for sound in sounds:
                if stream is not None and sound.rate != rate:
                    self._finish(stream)
                    stream = None
                if stream is None:
                    rate = sound.rate
                    stream = self._opened(rate)
                if not self._write(stream, sound):
                    return False
            if stream is not None and not self._stopped.is_set():
                with suppress(Exception):
                    stream.stop()  # waits for what is still in the device's buffer
            return not self._stopped.is_set()
        finally:
            if stream is not None:
                self._cards.shut(stream)

    def _finish(self, stream: Any) -> None:
        with suppress(Exception):
            stream.stop()
        self._cards.shut(stream)

    def _opened(self, rate: int) -> Any:
        def make(audio: Any, number: int | None) -> Any:
            return audio.RawOutputStream(
                samplerate=rate, channels=1, dtype="int16", device=number, latency="high"
            )

        return self._cards.open(make, name=self._name, inputs=False)

    def _write(self, stream: Any, sound: Sound) -> bool:
        step = int(sound.rate * PIECE_S) * SAMPLE_BYTES
        for at in range(0, len(sound.pcm), step):
            if self._stopped.is_set():
                return False
            try:
                stream.write(sound.pcm[at : at + step])
            except Exception as error:
                raise DeviceError(f"The loudspeaker went away: {error}") from error
        return True

    def stop(self) -> None:
        """Be silent within PIECE_S and what the device has buffered."""
        self._stopped.set()

    def close(self) -> None:
        """Be silent."""
        self._stopped.set()
