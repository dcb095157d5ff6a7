import time

import pytest

from crawler.extract.corrections import correction_in

TEXT = "The harbour will be widened until the end of next year."


@pytest.mark.parametrize(
    "notice",
    [
        "Correction: The crane is forty years old, not thirty.",
        "CORRECTION (March 2): The crane is forty years old.",
        "Clarification – The crane belongs to the town.",
        "An earlier version of this article gave a wrong age of the crane.",
        "This story has been corrected to give the right age of the crane.",
        "Ralat: Derek itu berumur empat puluh tahun.",
        "Korrektur: Der Kran ist vierzig Jahre alt.",
        "In einer früheren Version hieß es, der Kran sei jünger.",
        "Rectificatif : la grue a quarante ans.",
        "Fe de errores: la grúa tiene cuarenta años.",
        "Errata: o guindaste tem quarenta anos.",
        "Rettifica: la gru ha quarant'anni.",
        "Rättelse: Kranen är fyrtio år gammal.",
        "Sprostowanie: dźwig ma czterdzieści lat.",
        "Исправление: крану сорок лет.",
        "Düzeltme: Vinç kırk yaşında.",
        "تصحيح: عمر الرافعة أربعون عاما.",
        "תיקון: גיל המנוף ארבעים.",
        "訂正：クレーンは四十年前のものです。",
        "更正：起重机已有四十年历史。",
        "정정: 크레인은 사십 년 되었다.",
        "Đính chính: cần cẩu đã bốn mươi năm tuổi.",
        "【訂正】クレーンは四十年前のものです。",
    ],
)
def test_a_notice_is_known_by_how_it_begins(notice: str) -> None:
    assert correction_in(f"{TEXT}\n\n{notice}\n\n{TEXT}") == notice


def test_a_notice_under_its_heading_or_date_is_read() -> None:
    assert correction_in(f"{TEXT}\n\nCorrection\n\nThe crane is old.") == "The crane is old."
    dated = correction_in(f"{TEXT}\n\nCorrection: March 2, 2026\n\nThe crane is old.")
    assert dated == "Correction: March 2, 2026\nThe crane is old."


@pytest.mark.parametrize(
    "line",
    [
        "Corrections officers met at the harbour.",
        "Correction of the river began in 1820: it took ten years.",
        "Berichtigungen sind selten geworden, sagt der Rat.",
        "The correction: a word about markets.",
        "",
    ],
)
def test_a_text_about_corrections_has_none(line: str) -> None:
    assert correction_in(f"{TEXT}\n\n{line}\n\n{TEXT}") is None


def test_a_hostile_text_takes_no_time() -> None:
    began = time.process_time()
    correction_in("Correction (" * 200_000)
    correction_in("\n\n".join(["Correction "] * 100_000))
    assert time.process_time() - began < 2
