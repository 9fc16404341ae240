"""What is misspelt on the command line is refused with the usage of the very command, and the option that was meant."""

from __future__ import annotations

import pytest

from fairwitness.web.cli import main


@pytest.mark.parametrize(
    ("given", "usage", "words"),
    [
        (["analyse", "estimate", "x.csv", "--critrion", "aic"], "analyse estimate", "“--critrion” (did you mean --criterion?)"),
        (["analyse", "estimate", "x.csv", "--population=a", "--plase=b"], "analyse estimate", "“--plase=b” (did you mean --place?)"),
        (["analyse", "estimate", "--critrion", "aic"], "analyse estimate", "did you mean --criterion?"),
        (["analyse", "watch", "x.csv", "--xyzzy"], "analyse watch", "not understood: “--xyzzy”\n"),
        (["analyse", "agreement", "x.csv", "y.csv", "--level", "nominal"], "analyse agreement", "not understood: “y.csv”"),
        (["analyse", "agreement", "x.csv", "-q", "--level", "nominal"], "analyse agreement", "not understood: “-q”"),
        (["verify", "--levell", "1"], "verify", "not understood: “--levell”"),
    ],
)  # fmt: skip
def test_the_usage_is_that_of_the_command_and_the_nearest_option_is_named(
    capsys: pytest.CaptureFixture[str], given: list[str], usage: str, words: str
) -> None:
    assert main(given) == 2
    said = capsys.readouterr()
    assert said.err.startswith(f"usage: fairwitness {usage} [-h]") and words in said.err
    assert not said.out


def test_an_unknown_method_names_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse", "estimat"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("usage: fairwitness analyse") and "'estimate'" in said


def test_help_and_version_still_end_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse", "watch", "--buget", "--help"]) == 0
    assert capsys.readouterr().out.startswith("usage: fairwitness analyse watch")
    assert main(["--version"]) == 0
