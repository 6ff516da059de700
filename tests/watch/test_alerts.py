"""The dashboard and the alert rules: they ask for what is there, and fire when they should."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import promql_parser as promql
import pytest
import yaml
from click import Context, Group
from flask.cli import FlaskGroup
from scraping import everything, samples
from surroundings import ROOT

DEPLOY = ROOT / "deploy"
RULES = yaml.safe_load((DEPLOY / "alert-rules.yml").read_text())["groups"][0]["rules"]
DASHBOARD = json.loads((DEPLOY / "grafana-dashboard.json").read_text())
# Prometheus itself says these of whatever it asks.
OF_PROMETHEUS = {"job": "caloria", "instance": "web-1:8000"}


def asked() -> dict[str, str]:
    """Every expression, by where it stands."""
    shown = {
        f"{panel['title']} {target['refId']}": target["expr"]
        for panel in DASHBOARD["panels"]
        for target in panel["targets"]
    }
    filled_in = {"$__rate_interval": "5m", "$job": "caloria"}
    for place, expression in shown.items():
        for variable, value in filled_in.items():
            expression = expression.replace(variable, value)
        shown[place] = expression
    return shown | {rule["alert"]: rule["expr"] for rule in RULES}


class Reader:
    """Finds what an expression names: selectors with their matchers, and the labels it groups by."""

    def __init__(self, expression: str):
        self.selectors, self.grouped = [], set()
        self.read(promql.parse(expression))

    def read(self, node):
        if isinstance(node, promql.VectorSelector):
            self.selectors.append(node)
        elif isinstance(node, promql.MatrixSelector):
            self.read(node.vector_selector)
        elif isinstance(node, promql.Call):
            for argument in node.args:
                self.read(argument)
        elif isinstance(node, promql.BinaryExpr):
            self.read(node.lhs)
            self.read(node.rhs)
        elif isinstance(node, promql.AggregateExpr):
            self.grouped |= set(node.modifier.labels if node.modifier else ())
            self.read(node.expr)
        elif isinstance(node, promql.ParenExpr):
            self.read(node.expr)
        else:
            assert isinstance(node, (promql.NumberLiteral, promql.StringLiteral)), node


def holds(matcher, value: str) -> bool:
    operator = str(matcher.op).rpartition(".")[2]
    equal = (
        matcher.value == value if operator in ("Equal", "NotEqual") else re.fullmatch(matcher.value, value)
    )
    return bool(equal) is not operator.startswith("Not")


@pytest.fixture
def there(make_app) -> dict[str, list[dict[str, str]]]:
    """The labels of every sample that there is, by its name."""
    found: dict[str, list[dict[str, str]]] = {"up": [OF_PROMETHEUS]}
    for name, *labels in samples(everything(make_app)):
        found.setdefault(name, []).append({**OF_PROMETHEUS, **dict(labels)})
    return found


def test_whatever_is_asked_for_is_there(there):
    for place, expression in asked().items():
        reader = Reader(expression)
        assert reader.selectors, place
        labels = set()
        for selector in reader.selectors:
            assert selector.name in there, f"{place}: {selector.name}"
            labels |= {label for sample in there[selector.name] for label in sample}
            for matcher in selector.matchers.matchers:
                known = [sample.get(matcher.name) for sample in there[selector.name]]
                assert None not in known, f"{place}: {matcher.name} of {selector.name}"
                assert any(holds(matcher, value) for value in known), f"{place}: {matcher.name}"
        assert reader.grouped <= labels, place


def test_the_dashboard_asks_no_source_of_its_own_and_no_panel_lies_on_another():
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells = set()
    for panel in panels:
        assert {panel["datasource"]["uid"], *(each["datasource"]["uid"] for each in panel["targets"])} == {
            "${datasource}"
        }
        place = panel["gridPos"]
        taken = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        cells |= taken
    assert [each["name"] for each in DASHBOARD["templating"]["list"]] == ["datasource", "job"]


def is_command(group: FlaskGroup, words: list[str]) -> bool:
    """Whether words lead to a command of ours."""
    command = group
    for word in words:
        command = command.get_command(Context(command), word) if isinstance(command, Group) else None
    return command is not None and not isinstance(command, Group)


def test_each_alert_says_what_is_wrong_and_names_a_command_that_there_is(suite_app):
    assert len({rule["alert"] for rule in RULES}) == len(RULES)
    for rule in RULES:
        told = rule["annotations"]
        assert told["summary"].endswith("."), rule["alert"]
        named = re.findall(r"`([^`]+)`", told["description"])
        assert named, rule["alert"]
        for line in named:
            program, *words = line.split()
            assert program in ("flask", "systemctl", "journalctl"), line
            assert program != "flask" or is_command(suite_app.cli, words), line


def well(instance: str) -> dict[str, str]:
    """The series of a server that is well, a minute apart."""
    of = f'job="caloria", instance="{instance}"'
    info = f'{of}, uuid="a", revision="1", environment="production", version="1"'
    of_page = f'{of}, route="/diary", method="GET"'
    return {
        f"up{{{of}}}": "1x120",
        f"caloria_database_up{{{of}}}": "1x120",
        f"caloria_database_info{{{info}}}": "1x120",
        **{
            f'caloria_database_problem{{{of}, reason="{reason}"}}': "0x120"
            for reason in ("unreachable", "read_only", "revision", "identity")
        },
        f'caloria_requests_total{{{of_page}, status="2xx"}}': "0+600x120",
        f'caloria_requests_total{{{of_page}, status="5xx"}}': "0+1x120",
        f'caloria_request_seconds_bucket{{{of_page}, le="0.1"}}': "0+600x120",
        f'caloria_request_seconds_bucket{{{of_page}, le="+Inf"}}': "0+601x120",
        f"caloria_pool_wait_seconds_total{{{of}}}": "0x120",
        f"caloria_pool_timeouts_total{{{of}}}": "0x120",
        **{
            f'caloria_backup_worry{{{of}, worry="{worry}"}}': "0x120"
            for worry in ("missing", "failed", "doubtful", "old")
        },
        f"caloria_backup_age_seconds{{{of}}}": "3600+60x120",
        f"caloria_drill_age_seconds{{{of}}}": "86400+60x120",
        f"caloria_drill_failed{{{of}}}": "0x120",
        f'caloria_server_up{{{of}, server="web-1"}}': "1x120",
        f"caloria_jobs_wait_seconds{{{of}}}": "0x120",
        f'caloria_jobs{{{of}, state="given up"}}': "0x120",
        f"caloria_payment_events_undone{{{of}}}": "0x120",
        f"caloria_payments_wait{{{of}}}": "0x120",
        f'caloria_payment_events_total{{{of}, result="other_mode"}}': "0x120",
    }


# What differs from a server that is well, by the name of the series or a label of it; and who is called.
CASES = {
    "nothing": ({}, []),
    "a server is down": ({"up": "0x120"}, ["CaloriaDown"]),
    "a server is asked no more": ({"up": None}, ["CaloriaDown"]),
    "a blink": ({"up": "1x58 0 1x60"}, []),
    "the database is away": ({"caloria_database_up": "0x120"}, ["CaloriaDatabaseAway"]),
    "another database": ({'reason="identity"': "0x59 1x60"}, ["CaloriaDatabaseWrong"]),
    "the database was exchanged": (
        {'uuid="a"': "1x40 _x80", 'caloria_database_info{job="caloria", uuid="b"}': "_x40 1x80"},
        ["CaloriaDatabaseChanged"],
    ),
    "read-only": ({'reason="read_only"': "1x120"}, ["CaloriaDatabaseUnusable"]),
    "left half migrated": ({'reason="revision"': "1x120"}, ["CaloriaDatabaseUnusable"]),
    "errors": ({'status="5xx"': "0+30x120"}, ["CaloriaErrors"]),
    "slow pages": ({'le="0.1"': "0+400x120", 'le="2.5"': "0+600x120"}, ["CaloriaSlow"]),
    "no connection is free": ({"caloria_pool_wait_seconds_total": "0+30x120"}, ["CaloriaPoolWaiting"]),
    "waited in vain": ({"caloria_pool_timeouts_total": "0+1x120"}, ["CaloriaPoolWaiting"]),
    "no backup": ({'worry="missing"': "1x120"}, ["CaloriaBackupOld"]),
    "an old backup": ({'worry="old"': "1x120"}, ["CaloriaBackupOld"]),
    "nobody knows of backups": ({"caloria_backup_worry": None}, ["CaloriaBackupOld"]),
    "a backup that failed": ({'worry="failed"': "1x120"}, ["CaloriaBackupFailing"]),
    "a backup that lost something": ({'worry="doubtful"': "1x120"}, ["CaloriaBackupFailing"]),
    "an old drill": ({"caloria_drill_age_seconds": "900000+60x120"}, ["CaloriaDrillOld"]),
    "a drill that failed": ({"caloria_drill_failed": "1x120"}, ["CaloriaDrillFailed"]),
    "a server is missing": ({'server="web-1"': "0x120"}, ["CaloriaServerMissing"]),
    "a mail that waits a little": ({"caloria_jobs_wait_seconds": "0x55 60+60x8 0x56"}, []),
    "nobody mails": ({"caloria_jobs_wait_seconds": "0+60x120"}, ["CaloriaJobsWaiting"]),
    "a mail that nobody takes": ({'state="given up"': "1x120"}, ["CaloriaJobsGivenUp"]),
    "a payment that is not heard": (
        {"caloria_payment_events_undone": "1x120"},
        ["CaloriaPaymentEventsFailed"],
    ),
    "payments wait": ({"caloria_payments_wait": "1x120"}, ["CaloriaPaymentsWait"]),
    "money of the other mode": ({'result="other_mode"': "0x50 1x70"}, ["CaloriaPaymentsOfOtherMode"]),
}


def group(title: str, series: dict[str, str], alerts: list[str], step: str = "1m", at: str = "60m") -> dict:
    """A test as promtool reads it: which alerts fire then, and no others."""
    expected = [{"labels": f'{{alertname="{alert}"}}', "value": 1} for alert in alerts]
    question = {"expr": 'count by (alertname) (ALERTS{alertstate="firing"}) > bool 0'}
    return {
        "name": title,
        "interval": step,
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": [{**question, "eval_time": at, "exp_samples": expected}],
    }


def changed(differences: dict[str, str | None]) -> dict[str, str]:
    """The series of a server that is well but for some."""
    series = well("web-1")
    for part, values in differences.items():
        meant = [name for name in series if name.startswith(f"{part}{{") or ("=" in part and part in name)]
        for name in meant:
            del series[name]
            if values is not None:
                series[name] = values
        if not meant:
            of_page = 'job="caloria", instance="web-1", route="/diary", method="GET"'
            whole = part.replace('job="caloria"', 'job="caloria", instance="web-1", environment="production"')
            name = whole if "{" in part else f"caloria_request_seconds_bucket{{{of_page}, {part}}}"
            series[name] = values
    return series


def test_each_alert_is_raised_when_it_should_and_no_other(tmp_path):
    promtool = os.environ.get("PROMTOOL") or shutil.which("promtool")
    if promtool is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(
            "no promtool here: bin/test fetches it"
        )
    groups = [group(title, changed(differences), alerts) for title, (differences, alerts) in CASES.items()]
    other = {name.replace('uuid="a"', 'uuid="b"'): values for name, values in well("web-2").items()}
    groups.append(group("two databases", well("web-1") | other, ["CaloriaDatabasesDiffer"]))
    # Ten days are long: only what it takes, and five minutes apart.
    undrilled = {
        name: re.sub("x120$", "x3100", values)
        for name, values in changed({"caloria_drill_age_seconds": None}).items()
        if name.startswith(("up", "caloria_backup"))
    }
    late = group("no drill", undrilled, ["CaloriaDrillNever"], step="5m", at="250h")
    assert {alert for each in [*groups, late] for alert in named(each)} == {rule["alert"] for rule in RULES}
    for every, some in (("1m", groups), ("5m", [late])):
        tests = {"rule_files": [str(DEPLOY / "alert-rules.yml")], "evaluation_interval": every, "tests": some}
        (tmp_path / "tests.yml").write_text(yaml.safe_dump(tests))
        judge(promtool, "test", "rules", tmp_path / "tests.yml")
    judge(promtool, "check", "config", "--syntax-only", DEPLOY / "prometheus.yml")


def named(group: dict) -> list[str]:
    expected = group["promql_expr_test"][0]["exp_samples"]
    return [re.search(r'"(\w+)"', sample["labels"])[1] for sample in expected]


def judge(promtool: str, *words: str | Path) -> None:
    done = subprocess.run([promtool, *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_page_for_operators_lists_every_alert():
    page = (ROOT / "docs" / "watching.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (Caloria\w+) \|", page, re.MULTILINE) == [rule["alert"] for rule in RULES]
