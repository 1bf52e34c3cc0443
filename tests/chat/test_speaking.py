"""An elder holds the button and speaks: a fake microphone plays synthetic Mandarin to the recogniser."""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from speech.engines.choice import open_speaker
from speech.models import Manner
from speech.ports import Speaker
from tests.browsers import chromium
from tests.chat.conftest import Device, serious, shoot
from tests.cli.kangban_process import Town
from tests.speech.spoken_models import store

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that the microphone hears; it is read anew each time the microphone is opened."""
    return tmp_path_factory.mktemp("microphone") / "said.wav"


@pytest.fixture(scope="module")
def voice() -> Iterator[Speaker]:
    """The voice of a town whose voice is another than this elder's."""
    speaker = open_speaker(store(), "kokoro")
    yield speaker
    speaker.close()


@pytest.fixture(scope="module")
def utter(microphone: Path, voice: Speaker) -> Callable[[str], float]:
    """Put a sentence before the microphone; return how long it takes, in seconds."""

    def put(text: str) -> float:
        sounds = list(voice.speak(text, Manner(voice="zf_xiaoyi", rate=0.9)))
        rate = sounds[0].rate
        pcm = bytes(rate) + b"".join(sound.pcm for sound in sounds)  # half a second of silence first
        with wave.open(str(microphone), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes(pcm + bytes(rate * 2))
        return len(pcm) / rate / 2

    return put


def be_silent(microphone: Path) -> None:
    with wave.open(str(microphone), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(24_000)
        file.writeframes(bytes(96_000))


@pytest.fixture(scope="module")
def ears(microphone: Path) -> Iterator[Browser]:
    be_silent(microphone)
    started = chromium(
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={microphone}%noloop",
        "--autoplay-policy=no-user-gesture-required",
    )
    yield started
    started.close()


@pytest.fixture
def talker(ears: Browser, town: Town) -> Iterator[Device]:
    device = Device(ears, town, "E0181", permissions=["microphone"])
    yield device
    device.context.close()
    assert device.errors == []


def hold(device: Device, seconds: float) -> None:
    """Hold the button while she speaks."""
    page = device.page
    box = page.locator("#talk").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    expect(page.locator("#status")).to_contain_text("正在听")
    page.wait_for_timeout(seconds * 1000 + 400)
    page.mouse.up()


def test_lunch_is_ordered_by_voice(talker: Device, utter: Callable[[str], float]) -> None:
    page = talker.page
    hold(talker, utter("我要订明天中午的饭，青菜豆腐一份，送到家里。"))
    group = page.locator("#log .group").last
    expect(group.locator(".mine .words")).to_contain_text("中午", timeout=60_000)  # what was understood
    expect(group.locator(".ours").first).to_contain_text("对", timeout=30_000)
    expect(page.locator("#status")).to_contain_text("正在说", timeout=30_000)
    shoot(page, "spoken")
    assert serious(page) == []
    assert talker.meals() == []
    hold(talker, utter("对的，就这样订吧。"))  # she does not wait until we have finished
    expect(page.locator("#log .group")).to_have_count(2, timeout=60_000)
    expect(page.locator("#log .group").last).to_contain_text("订好了", timeout=60_000)
    [meal] = talker.meals()
    assert str(meal["start"]).startswith("2026-05-12T")
    said = talker.town.get(f"/turns?elder_id={talker.elder_id}")["turns"]
    assert {turn["channel"] for turn in said} == {"voice"}
    read = page.locator("#log .read").last
    with page.expect_response("**/chat/aloud*", timeout=60_000) as sound:
        read.click()
    assert sound.value.headers["content-type"] == "audio/wav"
    expect(page.locator("#status")).to_contain_text("正在说")
    read.click()
    page.reload()
    talker.ready()
    expect(page.locator("#log .mine")).to_have_count(2)


def test_who_says_nothing_is_told_so(talker: Device, microphone: Path) -> None:
    be_silent(microphone)
    hold(talker, 1.0)
    expect(talker.page.locator("#status")).to_contain_text("没有听到您说话", timeout=30_000)
