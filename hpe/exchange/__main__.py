"""`python -m hpe.exchange import|export|smooth|means`: predictions of others in, ours out."""

import argparse
import logging
import sys
from pathlib import Path

from hpe.bodies.anny import load_anny
from hpe.bodies.body import Body
from hpe.bodies.smpl_files import load_smpl
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.exchange.agora_submission import export_agora
from hpe.exchange.archive import export_archive
from hpe.exchange.emdb_results import export_emdb
from hpe.exchange.folders import refuse_existing
from hpe.exchange.foreign import joined
from hpe.exchange.importing import import_predictions, rename_people
from hpe.exchange.options import options
from hpe.exchange.pare_tracks import export_pare
from hpe.exchange.pw3d_challenge import export_pw3d_challenge
from hpe.exchange.reading import read_foreign
from hpe.exchange.regression_table import read_regression_table
from hpe.exchange.smoothing import smooth
from hpe.explain import explain
from hpe.scoring.predictions import Predictions


def import_files(chosen: argparse.Namespace) -> str:
    """Import others' files; what was done, in one line."""
    refuse_existing(chosen.output)
    store = Store.open(chosen.data)
    said = joined([read_foreign(path, chosen.sequence, chosen.joints, chosen.unit) for path in chosen.files])
    if chosen.people:
        said = rename_people(said, chosen.people)
    ours = import_predictions(said, store, chosen.model, chosen.body, chosen.joints, chosen.by, chosen.partial)
    ours.write(chosen.output)
    left = f"; left out: {', '.join(said.left_out)}" if said.left_out else ""
    return f"{len(ours)} of {len(store)} people of {store.name} {store.split} into {chosen.output}{left}"


def export_file(chosen: argparse.Namespace) -> str:
    """Export prediction stores; what was done, in one line."""
    parts = [Predictions.read(path) for path in chosen.predictions]
    if chosen.layout == "3dpw-challenge":
        body = _body(parts[0], chosen.smpl) if "pose" in parts[0] else None
        return (
            f"{export_pw3d_challenge(parts, body, _given(chosen, 'truth'), chosen.output)} sequences in {chosen.output}"
        )
    if len(parts) > 1:
        raise UserError(f"layout {chosen.layout} takes one prediction store, not {len(parts)}")
    said, store = parts[0], Store.open(_given(chosen, "data"))
    if chosen.layout == "npz":
        return f"{export_archive(said, store, chosen.output)} people in {chosen.output}"
    if chosen.layout == "agora":
        return f"{export_agora(said, store, _body(said, chosen.smpl), chosen.output)} people in {chosen.output}"
    if chosen.layout == "pare":
        count = export_pare(said, store, _body(said, chosen.smpl), chosen.output, chosen.focal_length)
        return f"{count} sequences in {chosen.output}"
    return f"{export_emdb(said, store, _given(chosen, 'truth'), chosen.output)} sequences in {chosen.output}"


def smooth_file(chosen: argparse.Namespace) -> str:
    """Smooth a prediction store over time; what was done, in one line."""
    refuse_existing(chosen.output)
    smoothed = smooth(Predictions.read(chosen.predictions), chosen.min_cutoff, chosen.beta, chosen.legacy)
    return f"{len(smoothed)} people in {smoothed.write(chosen.output)}: {smoothed.model}"


def show_means(chosen: argparse.Namespace) -> str:
    """4D-Humans' table of means, in the names of ours."""
    return read_regression_table(chosen.file).to_string(index=False)


def _given(chosen: argparse.Namespace, name: str) -> Path:
    value = getattr(chosen, name)
    if value is None:
        raise UserError(f"layout {chosen.layout} needs --{name}; see python -m hpe.exchange export --help")
    return value


def _body(said: Predictions, smpl: Path) -> Body:
    """The body that predictions are of."""
    if said.body not in ("smpl", "anny"):
        raise UserError(f"predictions of {said.model} are of body '{said.body}'; known: anny, smpl")
    return load_smpl(smpl) if said.body == "smpl" else load_anny()


COMMANDS = {"import": import_files, "export": export_file, "smooth": smooth_file, "means": show_means}


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit code: 2 after an error that the user can mend."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        chosen = options(arguments)
        print(COMMANDS[chosen.command](chosen))
    except (UserError, OSError) as error:
        print(f"error: {explain(error) or error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
