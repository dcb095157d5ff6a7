import xml.etree.ElementTree as ET

from crawler.demo.looks import drawing


def test_each_name_has_its_own_drawing() -> None:
    assert drawing("harbour") == drawing("harbour")
    assert drawing("harbour") != drawing("town")
    assert ET.fromstring(drawing("harbour")).tag.endswith("svg")
