"""What a person wrote by hand, judged: the first fault of a file as one sentence."""

import difflib
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

_UNSHOWN = "unshown"


def secret(message: str) -> PydanticCustomError:
    """A fault to raise where the value must not be shown, for it may hold a password."""
    return PydanticCustomError(_UNSHOWN, "{said}", {"said": message})


def explain(error: ValidationError, model: type[BaseModel]) -> str:
    """The first fault: its key, what is wrong, the value or the nearest valid key."""
    fault = error.errors(include_url=False)[0]
    key = ".".join(str(step) for step in fault["loc"])
    if fault["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(fault["loc"][-1]), _keys(model, fault["loc"][:-1]), 1)
        return f"unknown key `{key}`" + (f"; did you mean `{near[0]}`?" if near else "")
    message = fault["msg"].removeprefix("Value error, ")
    value = "" if fault["type"] in ("missing", _UNSHOWN) else f" (got {fault['input']!r})"
    return f"`{key}`: {message}{value}" if key else message


def _keys(model: type[BaseModel], steps: tuple[int | str, ...]) -> list[str]:
    fields: dict[str, Any] = dict(model.model_fields)
    for step in steps:
        if isinstance(step, int):
            continue
        kind = fields[step].annotation
        inner = next((a for a in getattr(kind, "__args__", ()) if hasattr(a, "model_fields")), kind)
        fields = dict(getattr(inner, "model_fields", {}))
    return list(fields)
