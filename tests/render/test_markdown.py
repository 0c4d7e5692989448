from __future__ import annotations

import html
import re
from dataclasses import replace

from hypothesis import example as with_example
from hypothesis import given
from hypothesis import strategies as st
from render import example, hostile

from auditkit.render.text import markdown

OWN_TAGS = {"<details>", "</details>", "<summary>", "</summary>", "<sub>", "</sub>"}


def test_the_example_matches_its_golden_file(check_golden):
    check_golden("report.md", markdown.render(example.report()))


def test_hostile_text_brings_no_tags_links_mentions_or_cells():
    text = markdown.render(hostile.report())
    assert set(re.findall(r"<[^>\s]*>?", text)) <= OWN_TAGS
    assert not re.search(r"@|\]\(|https?://|www\.|:tada:|(?<!&)#\d|`", text)
    tables = [block.splitlines() for block in text.split("\n\n") if block.startswith("| ")]
    assert tables
    for lines in tables:
        assert len({line.count("|") for line in lines}) == 1
    assert "\x1b" not in text


def test_a_hostile_report_fits_into_a_comment():
    assert len(markdown.render(hostile.report())) < 65_536


def test_plain_words_and_column_names_stay_readable():
    assert markdown.escape("sex: Female & race: Black has min_n = 30, p(x).") == (
        "sex: Female & race: Black has min_n = 30, p(x)."
    )


@with_example("a &lt;b&copy &#60; & c")
@given(st.text(alphabet=st.sampled_from(list("lt;_*`<>[]()!#@|~:$&w.{}\\1 ")), max_size=30))
def test_escaped_text_reads_back_as_itself(text):
    assert html.unescape(markdown.escape(text)) == text
    assert not re.search(r"[\\`*<>@|~$\[\]]", markdown.escape(text))


def test_a_report_of_nothing_is_a_verdict():
    bare = replace(
        example.report(), verdict="no gates", gates=(), findings=(), groups=(), skipped=(), notes=(), steps=()
    )
    text = markdown.render(replace(bare, subject={}, provenance={}))
    assert text == "## – NO GATES: measured only, nothing was asked to hold\n\n**adult-income**\n"
