"""The HTML page: well formed, alone in the world, every number with its source."""

import re
from html.parser import HTMLParser

import pytest

from benchmarks.definitions import names
from benchmarks.page import TEMPLATE, as_html

VOID = {"meta", "br"}


class Page(HTMLParser):
    """Keeps tags, attributes and the text of cells; fails where tags are not closed in their order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.attributes, self.cells, self.tags = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        if tag not in VOID:
            self.open.append(tag)
        if tag == "td":
            self.cells.append({"value": dict(attributes).get("data-value"), "summary": "", "source": ""})

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "details" in self.open:
            self.cells[-1]["summary" if "summary" in self.open else "source"] += data


@pytest.fixture
def page(table):
    return lambda name: Page(as_html(table(name)))


@pytest.mark.parametrize("name", names())
def test_tags_are_closed_in_their_order(name, page):
    assert page(name).open == []


@pytest.mark.parametrize("name", names())
def test_nothing_is_loaded(name, table, page):
    assert not {"link", "img", "iframe", "object", "embed", "base"} & set(page(name).tags)
    assert not {name for name, _ in page(name).attributes} & {"src", "srcset", "href", "action", "onclick"}
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|https?:", as_html(table(name)))


@pytest.mark.parametrize("name", names())
def test_every_number_opens_its_line(name, page, table):
    cells = [cell for cell in page(name).cells if cell["value"]]
    numbers = [cell.number for block in table(name).blocks for line in block.lines for cell in line.cells.values()]
    assert len(cells) == len(numbers)
    for cell in cells:
        assert cell["summary"] == cell["value"]
        assert re.match(r"published\.csv, line \d+: ", cell["source"])
        assert "primary:" in cell["source"] or "secondary:" in cell["source"]


def test_a_measured_number_opens_its_run(measure, page):
    folder = measure("run")
    cells = [cell for cell in page("pare").cells if "run " in cell["source"]]
    assert len(cells) == 3
    for cell in cells:
        assert all(word in cell["source"] for word in (str(folder), "pare_3dpw@1 (", "commit-hash", "checkpoint-hash"))


def test_what_a_user_wrote_is_no_markup(measure, page):
    measure("run", overrides=["x=<script>alert(1)</script>"])
    assert page("pare").tags.count("script") == 1


def test_the_template_has_one_script_and_one_style():
    assert [Page(TEMPLATE.read_text()).tags.count(tag) for tag in ("script", "style")] == [1, 1]
