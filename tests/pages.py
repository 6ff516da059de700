"""Reading a page as a person without JavaScript does: its words, and its forms with what they would send."""

from dataclasses import dataclass
from html.parser import HTMLParser


@dataclass
class PageForm:
    action: str
    data: dict[str, str]


class Page(HTMLParser):
    """The words and forms of a page."""

    def __init__(self, response):
        super().__init__()
        self.words = ""
        self.links: list[str] = []
        self.forms: list[PageForm] = []
        self.presses: list[PageForm] = []
        self._select: str | None = None
        self.feed(response.get_data(as_text=True))
        self.words = " ".join(self.words.split())

    def form(self, ending: str, asks: str | None = None) -> PageForm:
        """The first form whose address ends so, and that asks for something of this name."""
        found = (each for each in self.forms if each.action.partition("?")[0].endswith(ending))
        return next(each for each in found if asks in (None, *each.data))

    def press(self, ending: str) -> PageForm:
        """What the first button with a name sends in a form whose address ends so."""
        return next(each for each in self.presses if each.action.endswith(ending))

    def has_form(self, ending: str) -> bool:
        return any(each.action.partition("?")[0].endswith(ending) for each in self.forms)

    def handle_data(self, data):
        self.words += f" {data}"

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        if tag == "a":
            self.links.append(said.get("href") or "")
        elif tag == "form":
            self.forms.append(PageForm(said.get("action") or "", {}))
        elif tag == "button" and said.get("formaction"):
            # A button that sends the form it stands in elsewhere.
            self.forms.insert(-1, PageForm(said["formaction"], self.forms[-1].data))
        elif tag == "button" and said.get("name") and self.forms:
            # One of several that send the form, each with words of its own.
            sent = {**self.forms[-1].data, said["name"]: said.get("value") or ""}
            self.presses.append(PageForm(self.forms[-1].action, sent))
        elif tag == "select":
            self._select = said.get("name")
        elif tag == "option" and "selected" in said and self._select:
            self._fill(self._select, said.get("value"))
        elif tag == "input" and said.get("name") and _is_sent(said):
            self._fill(said["name"], said.get("value"))

    def _fill(self, name: str, value: str | None) -> None:
        if self.forms:
            self.forms[-1].data[name] = value or ""


def _is_sent(said: dict) -> bool:
    return said.get("type") not in ("radio", "checkbox") or "checked" in said
