"""The commands in the bot's menu: the word that each stands for, and how the menu explains it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """`name` is typed after the stroke, `word` is what it says to the conversation; `zh` and `en` stand in the menu."""

    name: str
    word: str
    zh: str
    en: str


COMMANDS = (
    Command("register", "报名", "报名返岗或返乡专车", "Sign up for transport"),
    Command("my", "我的报名", "看我的报名", "See my registration"),
    Command("others", "代报名", "帮别人报名", "Sign up other people"),
    Command("services", "办事", "找工作、讨薪、补贴", "Jobs, pay, subsidies"),
    Command("back", "返回", "回到上一步", "Go one step back"),
    Command("cancel", "取消", "不填了", "Stop filling in"),
    Command("help", "帮助", "怎么用", "How this works"),
    Command("person", "人工", "找工作人员", "Talk to a person"),
    Command("stop", "退订", "不再收到消息", "Stop messages"),
    Command("delete", "删除", "删除我的个人信息", "Delete my data"),
)

WORDS = {f"/{command.name}": command.word for command in COMMANDS}
