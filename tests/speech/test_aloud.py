"""Digits and signs are said as people say them."""

import pytest

from speech.aloud import as_said, pieces, say_whole


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("电话是13800138000", "电话是幺三八，零零幺三，八零零零"),
        ("打021-58881234", "打零二幺，五八八八，幺二三四"),
        ("请打12345或120", "请打幺二三四五或幺二零"),
        ("血压150/90", "血压一百五十，九十"),
        ("体温38.5℃", "体温三十八点五度"),
        ("血糖 7.8", "血糖七点八"),
        ("明天12:30送到", "明天十二点半送到"),
        ("早上9:05", "早上九点零五分"),
        ("下午2点", "下午两点"),
        ("订了2份红烧肉", "订了两份红烧肉"),
        ("12月2号", "十二月二号"),
        ("2026-05-11", "二零二六年五月十一日"),
        ("3号楼502室", "三号楼五零二室"),
        ("一共12.5元", "一共十二点五元"),
        ("￥18", "十八元"),
        ("优惠50%", "优惠百分之五十"),
        ("等3-5天", "等三到五天"),
        ("共20000元", "共两万元"),
        ("编号204718", "编号二零四七幺八"),
        ("做个CT", "做个西提"),
        ("第2个", "第二个"),
        ("好的😀！", "好的！"),
        ("您好,请问?", "您好，请问？"),
        ("订好了：红烧肉（1份）、青菜。", "订好了，红烧肉，一份，青菜。"),
        ("", ""),
        ("……", "。"),
    ],
)
def test_what_is_written_is_said_as_people_say_it(written, said):
    assert as_said(written) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "零"), (10, "十"), (11, "十一"), (20, "二十"), (105, "一百零五"), (110, "一百一十"),
        (1005, "一千零五"), (1050, "一千零五十"), (10_000, "一万"),
        (10_050, "一万零五十"), (25_000, "两万五千"),
        (200_000_000, "两亿"),
    ],
)  # fmt: skip
def test_whole_numbers_have_their_zeros_where_people_put_them(number, said):
    assert say_whole(number) == said


def test_a_long_reply_begins_with_a_short_piece_and_loses_no_word():
    text = as_said(
        "好的，给您订了明天中午的红烧肉一份、清炒青菜一份，送到东海村三组12号，一共18元。要是对，您就说一声对！"
    )
    cut = list(pieces(text))
    assert "".join(cut) == text
    assert len(cut[0]) <= 14
    assert all(len(one) <= 40 for one in cut)


def test_a_sentence_without_commas_is_left_whole():
    text = "这句话里一个逗号都没有可是它实在是太长太长太长太长太长太长太长太长太长太长太长了"
    assert list(pieces(text)) == [text]
