"""Ordinary words and the names of people, many of which sound like some county, never become places."""

from __future__ import annotations

from typing import Final

import pytest

from domain.refusals import Refused
from flows.answers import places
from tests.answers.setting import context

_WORDS: Final = """
上班 打工 工厂 电子厂 老婆 老公 过年 回家 到家 家里 工作 一起 报名 可以 知道 时候 时间 今天 明天 后天 去年 以后
公司 高铁 汽车 坐车 上车 下车 电话 手机 孩子 父母 朋友 老乡 同事 高兴 安全 方便 清楚 重新 附近 那边 哪里 城里
镇上 县城 厂里 工地 宿舍 食堂 医院 学校 通话 安心 平常 广场 大概 老板 同意 随便 现在 伤害 背景 程度 事情 谢谢
你好 都行 听安排 取消 帮助 初八 元宵 鞋厂 五金厂 工业区 普工 工资 车站 路口 楼下 马上 回来 过来 起来 喝水 微信
地址 天气 下雨 星星 太阳 汤圆 水稻 地方 中心 历史 利益 零食 社区 健康 管理 农民 农村 城市 里外 雨伞 衣服 兴奋
建议 一家三口 什么地方都行
"""
WORDS = _WORDS.split()
_NAMES: Final = """
韦小明 李建国 张伟 王芳 刘洋 黄丽 陈国强 杨帆 赵敏 徐静 孙丽 马超 胡军 林志玲 何平 罗建 梁红 谢军 宋江 许强 邓超
彭飞 余华 于洋 苏有朋 丁磊 姚明 崔健 韦海燕 莫小兰 陶红
"""
NAMES = _NAMES.split()


@pytest.mark.parametrize("word", [*WORDS, *NAMES])
def test_word_alone_is_no_place(word: str) -> None:
    for read in (places.read_origin, places.read_destination):
        with pytest.raises(Refused, match=r"place\.not_understood"):
            read(word, context())


@pytest.mark.parametrize("said", ["去{}", "到{}", "从{}", "回到{}", "我要去{}", "在{}上车", "我在{}上班"])
def test_word_behind_a_verb_is_no_place(said: str) -> None:
    texts = [said.format(word) for word in (*WORDS, *NAMES)]
    finds = (places.find_origin, places.find_destination)
    assert [text for text in texts for find in finds if find(text, context())] == []


@pytest.mark.parametrize(
    "text",
    [
        "祝大家一路平安",
        "你好请问今年有没有免费的车可以坐",
        "我和老婆还有两个小孩一起走",
        "那个什么我儿子说的那个厂",
        "不知道去哪里好",
        "到时候再说吧",
        "电话打不通微信也不回",
        "我想一下明天给你答复",
        "身份证号码要不要",
        "初八下午两点以后都有时间",
        "我是韦小明，我老婆叫黄丽",
        "从家里到厂里要多久",
        "hello, is there a bus",
    ],
)
def test_talk_holds_no_place(text: str) -> None:
    for read in (places.read_origin, places.read_destination):
        with pytest.raises(Refused, match=r"place\.not_understood"):
            read(text, context())
    assert places.find_origin(text, context()) is None
    assert places.find_destination(text, context()) is None


@pytest.mark.parametrize(
    ("text", "code"), [("南京", "320100"), ("南宁", "450100"), ("惠来", "445224"), ("去南昌", "360100")]
)
def test_right_name_stays_what_it_is(text: str, code: str) -> None:
    place = places.read_destination(text, context())
    assert getattr(place, "code", None) == code
