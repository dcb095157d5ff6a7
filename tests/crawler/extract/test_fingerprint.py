from crawler.extract.fingerprint import fingerprint
from crawler.outlets.spec import ExtractRule


def test_a_fingerprint_names_extractor_and_rules() -> None:
    plain = fingerprint(None)
    assert plain.extractor.startswith("trafilatura/2.")
    assert " kliping/" in plain.extractor
    assert plain.rules.startswith("sha256:")
    assert plain.memory is None


def test_equal_rules_have_equal_fingerprints_and_others_do_not() -> None:
    assert fingerprint(ExtractRule(title="h1")) == fingerprint(ExtractRule(title="h1"))
    assert fingerprint(ExtractRule(title="h1")) != fingerprint(ExtractRule(title="h2"))
    assert fingerprint(ExtractRule()) != fingerprint(None)
