"""The commands beside `serve`: the conversation in a terminal, what the readers understand, staff."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.channels.terminal.talk import printed
from flows import registry
from tests.bot.test_serving import Machine, machine
from texts.render import Rendered

__all__ = ["machine"]  # a fixture

DATES = """# a comment
now\tphrase\toutcome\tfirst\tlast\tpart
2027-02-08T09:00\t初八\tday\t2027-02-13\t2027-02-13\t
2027-02-08T09:00\t十五\task\t2027-02-20,2027-02-15\t\t
2027-02-08T09:00\t初九\tday\t2027-02-13\t2027-02-13\t
"""


def test_a_whole_conversation_in_a_terminal(machine: Machine) -> None:
    typed = "我叫韦小明13800012345，初八我和老婆从柳江去深圳坪山比亚迪\n同意\n9\n"
    talked = machine.run("chat", "--now", "2027-02-08T09:00", "--person", "wei", typed=typed)
    assert talked.returncode == 0
    assert talked.stderr == ""
    lines = talked.stdout.splitlines()
    assert all(line.startswith(("> ", "[")) for line in lines)
    assert "[1] 同意" in lines
    assert "[9] 都对，报名" in lines
    number = re.search(r"LJ-[0-9A-Z]{6}", talked.stdout)
    assert number
    again = machine.run("chat", "--now", "2027-02-08T10:00", "--person", "wei", typed="我的报名\n")
    assert number[0] in again.stdout
    assert "报名成功" not in again.stdout  # what was shown is not shown again
    stranger = machine.run("chat", typed="我的报名\n")
    assert number[0] not in stranger.stdout


def test_an_empty_line_is_answered_and_the_end_ends_it(machine: Machine) -> None:
    talked = machine.run("chat", typed="\n")
    assert talked.returncode == 0
    assert talked.stdout.startswith("> ")
    assert machine.run("chat", typed="").stdout == ""


@pytest.mark.parametrize(
    ("buttons", "shown"),
    [
        ((("都对", "p.x.8"), ("取消", "p.x.9")), ["[9] 都对", "[10] 取消"]),
        ((("我会来", "a.coming.4"), ("知道了", "a.seen.4")), ["[1] 我会来", "[ ] 知道了"]),
        ((("我会来", "a.coming.4"), ("初八", "p.x.0")), ["[ ] 我会来", "[1] 初八"]),
    ],
)
def test_choices_stand_behind_the_number_that_chooses_them(
    buttons: tuple[tuple[str, str], ...], shown: list[str]
) -> None:
    assert printed(Rendered("一\n二", buttons), registry.load()) == ["> 一", "> 二", *shown]


def test_understand_prints_a_line_for_each_text(machine: Machine) -> None:
    said = machine.run("understand", "day", "初八", "十五", "还没定", "--now", "2027-02-08T09:00").stdout.splitlines()
    assert [json.loads(line) for line in said] == [
        {"outcome": "day", "first": "2027-02-13", "last": "2027-02-13", "part": None},
        {"outcome": "ask", "first": ["2027-02-15", "2027-02-20"], "last": None, "part": None},
        {"outcome": "none", "first": None, "last": None, "part": None},
    ]


def test_understand_reads_a_sentence_part_by_part(machine: Machine) -> None:
    sentence = "我叫韦小明13800012345，初八两个人从柳江去深圳坪山比亚迪"
    said = machine.run("understand", "sentence", "--now", "2027-02-08T09:00", "--home", "450206", sentence).stdout
    understood = json.loads(said)
    assert {name: understood[name] for name in ("day", "origin", "destination", "employer", "name", "phone")} == {
        "day": "2027-02-13", "origin": "450206", "destination": "440310", "employer": "比亚迪",
        "name": "韦小明", "phone": "13800012345",
    }  # fmt: skip
    assert (understood["party"], understood["ask"]) == (2, [])


def test_understand_tries_a_case_file_and_names_what_fails(machine: Machine) -> None:
    (machine.folder / "cases.tsv").write_text(DATES, "utf-8")
    tried = machine.run("understand", "day", "--cases", "cases.tsv")
    *failed, sums = tried.stdout.splitlines()
    assert tried.returncode == 1
    assert sums == "2 passed, 1 failed"
    assert [json.loads(line)["text"] for line in failed] == ["初九"]


def test_understand_asks_what_a_sentence_leaves_open_as_the_conversation_does(machine: Machine) -> None:
    said = machine.run(
        "understand", "sentence", "--now", "2027-01-20T09:00", "--home", "450206",
        "初八从柳江去龙华，13800012345", "我叫韦小明",
    ).stdout  # fmt: skip
    half, one = (json.loads(line) for line in said.splitlines())
    assert (half["day"], half["origin"], half["destination"], half["party"]) == ("2027-02-13", "450206", None, 1)
    assert half["ask"] == ["direction", "destination", "employer", "name"]  # who says three things comes alone
    assert one["ask"] == ["direction", "day", "origin", "destination", "employer", "phone", "party"]


def test_understand_names_the_columns_of_a_case_that_are_wrong(machine: Machine) -> None:
    rows = (
        "text\tnow\tname\tphone\tparty",
        "我叫韦小明13800012345，初八走\t2027-02-08T09:00\t韦大明|韦小明\t13800012345\t1",
        "我叫韦小明13800012345，初八走\t2027-02-08T09:00\t韦大明\t\t1",
    )
    (machine.folder / "cases.tsv").write_text("\n".join(rows), "utf-8")
    failed, sums = machine.run("understand", "sentence", "--cases", "cases.tsv").stdout.splitlines()
    assert sums == "1 passed, 1 failed"
    assert json.loads(failed)["wrong"] == ["name", "phone"]


def test_understand_refuses_a_list_of_employers_by_its_line(machine: Machine) -> None:
    file = machine.folder / "employers.tsv"
    file.write_text("name\tshort\tplace\tcontact\n比亚迪股份有限公司\t比亚迪、BYD\t440310\t韦师傅\n", "utf-8")
    assert machine.run("understand", "employer", "--employers", file.name, "比亚迪").returncode == 0
    file.write_text("name,place\n比亚迪,999999\n", "utf-8")
    refused = machine.run("understand", "employer", "--employers", file.name, "比亚迪")
    assert refused.returncode == 2
    assert "employers.tsv, line 2: 999999" in refused.stderr


def test_a_kind_that_has_no_reader_yet_is_said(machine: Machine) -> None:
    refused = machine.run("understand", "weather", "450221199001011234")
    assert refused.returncode == 2
    assert "there is no such reader" in refused.stderr


def test_staff_need_a_good_password_and_a_known_area(machine: Machine) -> None:
    for words, typed in (
        (("李", "--area", "450206", "--role", "county"), "short\n"),
        (("李", "--area", "999999", "--role", "county"), "a long password\n"),
        (("李", "--area", "450206", "--role", "king"), "a long password\n"),
    ):
        refused = machine.run("staff", "add", *words, "--password-stdin", typed=typed)
        assert refused.returncode == 2
        assert refused.stderr
        assert "Traceback" not in refused.stderr


def test_telegram_cannot_be_set_up_without_a_token(machine: Machine) -> None:
    refused = machine.run("telegram", "setup")
    assert refused.returncode == 2
    assert refused.stderr.startswith("FANGANG_TELEGRAM_TOKEN: nothing was given")


def test_help_answers_without_loading_the_service(machine: Machine, tmp_path: Path) -> None:
    assert "serve" in machine.run("--help").stdout
    assert list(tmp_path.iterdir()) == []
