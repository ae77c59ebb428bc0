"""What PyTorch says of a checkpoint that it does not read, in one line."""

import re


def refusal(error: Exception) -> str:
    """The global that a file asks for, where that was the reason, else the first line of what PyTorch says.

    The reason may be that of the error which caused `error`, as timm raises it.
    """
    asked = re.search(r"GLOBAL ([\w.]+)", f"{error} {error.__cause__}")
    if asked:
        return f"it asks for {asked[1]}, which weights have no need of"
    before, own, after = str(error).partition("WeightsUnpickler error:")  # what comes before is about PyTorch
    return (after if own else before).strip().partition("\n")[0] or type(error).__name__
