"""The grammar of spoken time: 明朝下午三点半, 下个礼拜三, 每天早晚, 腊月廿三, 饭后, 不是后天是大后天.

Stdlib only. Conventions: weeks begin on Monday; what is past means the next one; a day is 00:00 to the next
00:00; a clock time is a point.

Parts of the day: 早上 06-09, 上午 08-12, 中午 11-13, 下午 13-18, 傍晚 17-19, 晚上 and 夜里 18-22,
半夜 22-24, 凌晨 00-06, 白天 08-18; 早饭 06-09, 午饭 11-13, 晚饭 17-19; before or after a meal is the
hour beside it; 睡觉前 20-22. 半夜 or 夜里 with a small hour (半夜两点) is in the night after the day.

Vague times: 现在 is a point, 等会儿 the next hour, 尽快 the next day, 随时 the next week; 月初 is
the 1st to the 5th, 月底 from the 25th; 国庆前 is the week before, 春节后 the week after; 三点以后
lasts to the end of its part of the day.

Several times a day go into BYHOUR (早晚 8 and 18, 一天三次 8, 12 and 18, 饭后 9, 13 and 19); a single one is
only in ``first``.
"""

from __future__ import annotations

from assistant.nlu.when.candidate import Candidate
from assistant.nlu.when.reading import read, read_all, read_with_rejections

__all__ = ["Candidate", "read", "read_all", "read_with_rejections"]
