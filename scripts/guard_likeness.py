"""Learn the guard's table of likeness from the rows it may learn from; run in the dialogue environment.

usage: .venv-dialogue/bin/python scripts/guard_likeness.py
Reads tests/corpora/safety (never a frozen row) and data/dialogues/nlu, writes assistant/safety/likeness.tsv.
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter, defaultdict
from math import log
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assistant.safety.heard import hear  # noqa: E402
from assistant.safety.likeness import features  # noqa: E402
from assistant.safety.masks import mask  # noqa: E402
from assistant.safety.measure import EMERGENCIES, HARMLESS, read_rows  # noqa: E402
from assistant.safety.noise import noisy  # noqa: E402

LEAST_ROWS = 2
LEAST_WEIGHT = 8  # hundredths
STRENGTH = 3.0
COPY_WEIGHT = 0.3
"""What a noisy copy of a row counts for."""
FRAME_WEIGHT = 0.3
LONGEST_FRAMED = 12
HARMLESS_FRAMES = (
    "没有{}", "我没有{}", "电视里说{}", "新闻里有人{}", "昨晚做梦{}",
    "去年{}", "以前{}过", "上个月{}现在好了", "怎么预防{}", "万一{}怎么办",
    "听说隔壁老王{}", "戏里那个人{}", "小时候{}过", "怕{}",
    "{}的讲座几点开始", "{}要看什么科", "年轻时{}过", "测试一下{}",
)  # fmt: skip
"""What makes an emergency harmless whatever it is; so that the words of the frame are learned too."""

_OTHERS = re.compile(r"^- \{say: ([^,{}]+),", re.MULTILINE)
_TIMES = re.compile(r"^    - \[([^,\]]+),", re.MULTILINE)
_ENTITY = re.compile(r"\[([^\]]*)\](\([^)]*\)|\{[^}]*\})")


def sentences() -> tuple[list[tuple[str, str]], list[str]]:
    """Return emergencies with their category, and harmless sentences."""
    corpora = ROOT / "tests" / "corpora" / "safety"
    emergencies: list[tuple[str, str]] = []
    harmless: list[str] = []
    for name in (*EMERGENCIES, *HARMLESS):
        for row in read_rows(corpora / f"{name}.yml"):
            if row.set.startswith("frozen"):
                continue
            if row.category == "none":
                harmless.append(row.text)
            else:
                emergencies.append((row.category, row.text))
    for path in sorted((ROOT / "data" / "dialogues" / "nlu").glob("*.yml")):
        if path.stem == "report_emergency":
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("    - ") or line.startswith("      - "):
                harmless.append(_ENTITY.sub(r"\1", line.strip()[2:]))
    harmless += _OTHERS.findall((ROOT / "tests" / "corpora" / "slots.yml").read_text(encoding="utf-8"))
    for path in sorted((ROOT / "tests" / "corpora" / "when").glob("*.yml")):
        harmless += _TIMES.findall(path.read_text(encoding="utf-8"))
    return emergencies, harmless


def learn() -> list[str]:
    """Return the lines of the table."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    chance = random.Random(20261125)  # noqa: S311 - no secret
    emergencies, harmless = sentences()
    rows = [(text, 1, category, 1.0) for category, text in emergencies]
    rows += [
        (noisy(text, kind, 0.12, chance), 1, category, COPY_WEIGHT)
        for category, text in emergencies
        for kind in ("homophone", "dropped")
    ]
    rows += [(text, 0, "", 1.0) for text in harmless]
    rows += [(noisy(text, "homophone", 0.12, chance), 0, "", COPY_WEIGHT) for text in harmless]
    rows += [
        (chance.choice(HARMLESS_FRAMES).format(text), 0, "", FRAME_WEIGHT)
        for _, text in emergencies
        if len(text) <= LONGEST_FRAMED
    ]
    vectorizer = DictVectorizer()
    seen = [dict.fromkeys(features(mask(hear(text).text)), 1) for text, _, _, _ in rows]
    matrix = vectorizer.fit_transform(seen)
    answers = [answer for _, answer, _, _ in rows]
    model = LogisticRegression(C=STRENGTH, max_iter=500, solver="liblinear").fit(
        matrix, answers, sample_weight=[weight for *_, weight in rows]
    )
    often = Counter(feature for found in seen for feature in found)
    by_category: dict[str, Counter[str]] = defaultdict(Counter)
    for found, (_, _, category, _) in zip(seen, rows, strict=True):
        if category:
            by_category[category].update(found.keys())
    sizes = Counter(category for _, _, category, _ in rows if category)
    lines = [f"\t{round(float(model.intercept_[0]) * 100)}\t\t0"]
    for feature, weight in sorted(zip(vectorizer.feature_names_, model.coef_[0], strict=True)):
        hundredths = round(float(weight) * 100)
        if often[feature] < LEAST_ROWS or abs(hundredths) < LEAST_WEIGHT:
            continue
        rates = {c: (by_category[c][feature] + 0.2) / (sizes[c] + 2) for c in sizes}
        best = max(rates, key=lambda c: (rates[c], c))
        rest = sum(rates.values()) - rates[best]
        lift = round(100 * log(rates[best] / (rest / (len(rates) - 1))))
        lines.append(f"{feature}\t{hundredths}\t{best}\t{lift}")
    return lines


if __name__ == "__main__":
    table = learn()
    (ROOT / "assistant" / "safety" / "likeness.tsv").write_text("\n".join(table) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(table)} features\n")
