from hpe.errors import UserError
from hpe.explain import explain


def test_what_the_user_can_mend_is_found_behind_what_was_raised_over_it() -> None:
    wrapped = RuntimeError("outer")
    wrapped.__cause__ = UserError("inner")
    assert explain(wrapped) == "inner"


def test_exceptions_that_lead_to_each_other_are_told_once() -> None:
    first, second = RuntimeError("first"), ValueError("second")
    first.__cause__, second.__context__ = second, first
    assert explain(first) is None


def test_a_bug_is_not_the_users() -> None:
    assert explain(ZeroDivisionError("division by zero")) is None
