"""Train the dialogue model where the sources have changed: `python -m assistant.dialogue.train [--force]`.

The same as `rasa train` with this project's paths; it only adds the name that says which sources it is of.
"""

from __future__ import annotations

import sys

from assistant.dialogue.model import FIXED_NAME_PREFIX, model_path
from assistant.dialogue.settings import DATA, MODELS, PROJECT


def main(arguments: list[str] | None = None) -> int:
    """Train if needed; return the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    target = model_path()
    if target.is_file() and "--force" not in arguments:
        sys.stdout.write(f"模型是新的，不用再训练 (model is up to date): {target.name}\n")
        return 0
    sys.stdout.write("正在训练对话模型，约一分钟 (training the dialogue model, about a minute) …\n")
    sys.stdout.flush()
    import rasa

    result = rasa.train(
        domain=str(PROJECT / "domain"),
        config=str(PROJECT / "config.yml"),
        training_files=[
            str(DATA / folder) for folder in ("nlu", "rules", "stories") if (DATA / folder).is_dir()
        ],
        output=str(MODELS),
        fixed_model_name=target.name.removesuffix(".tar.gz"),
        force_training="--force" in arguments,
    )
    if result.code != 0 or not target.is_file():
        sys.stderr.write("训练没有成功，上面说了原因 (training failed; the reason stands above).\n")
        return 1
    for old in MODELS.glob(f"{FIXED_NAME_PREFIX}*.tar.gz"):
        if old != target:
            old.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
