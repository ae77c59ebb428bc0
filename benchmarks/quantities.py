"""What a column of a table can hold, and which published metric each of our metrics is."""

from dataclasses import dataclass

from hpe.metrics.card import ProtocolCard

MORE_IS_BETTER = ("3DPCK_rel", "AP_25")
# What papers call Accel is the prediction's own acceleration in some and its error in others, so that
# neither of ours stands beside it.
MEASURED = {
    "mpjpe": "MPJPE",
    "pa_mpjpe": "PA-MPJPE",
    "pve": "PVE",
    "w_mpjpe": "W-MPJPE",
    "wa_mpjpe": "WA-MPJPE",
    "mrpe": "MRPE",
    "pck150": "3DPCK_rel",
    "accel_error": "accel error",
}


@dataclass(frozen=True)
class Quantity:
    """A metric by its published name, in one unit."""

    name: str
    unit: str

    @property
    def label(self) -> str:
        """The head of its column; millimetres are the rule and go without saying."""
        return self.name if self.unit == "mm" else f"{self.name}, {self.unit}"

    @property
    def more_is_better(self) -> bool:
        """Whether the highest number wins."""
        return self.name in MORE_IS_BETTER


def measured_quantities(card: ProtocolCard) -> dict[str, Quantity]:
    """Those metrics of a card that tables can hold, by our name."""
    return {name: Quantity(MEASURED[name], _unit(name, card)) for name in card.metrics if name in MEASURED}


def _unit(name: str, card: ProtocolCard) -> str:
    if name == "accel_error":
        return "m/s^2" if card.units.endswith("m/s^2") else "mm/frame^2"
    return "%" if name == "pck150" else "mm"
