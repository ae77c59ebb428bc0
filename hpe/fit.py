"""`python -m hpe.fit predictions=FILE`: bodies fitted to the 2D joints of a data set, kept as predictions."""

import logging
from pathlib import Path

import numpy as np
import pandas as pd
from hydra.utils import instantiate
from omegaconf import DictConfig

from hpe.assembly import with_body
from hpe.bodies.skeleton_body import skeleton_body
from hpe.cli import door
from hpe.config import checked
from hpe.datasets.sources import named_store
from hpe.datasets.store import Store
from hpe.errors import UserError, refuse_below
from hpe.runs.evaluation import IDENTITY, device
from hpe.runs.observations import Observer, shared_joints
from hpe.runs.refined import as_said, crops_of, fitted_predictions
from hpe.runs.refinement import Refiner
from hpe.runs.story import Story
from hpe.schemas import FitConfig
from hpe.scoring.predictions import FILE_NAME, Predictions

_log = logging.getLogger("hpe.fit")  # not __name__, which is __main__ here


@door("fit")
def main(config: DictConfig) -> None:
    """Refine predictions, or find bodies where nobody predicted any; leave them in the run folder."""
    said = Predictions.read(Path(config.predictions)) if config.predictions else None
    config, story = checked(with_body(config, said.body if said else None), FitConfig), Story()
    refuse_below(1, {"at_once": config.at_once})
    target = Path(config.paths.run) / FILE_NAME
    if target.exists():
        raise UserError(f"{target} is there and is not overwritten: choose another hydra.run.dir")
    body = skeleton_body(instantiate(config.body)).to(device())
    store = _store(config, said, story)
    smplify = instantiate(config.fitting)
    smplify.objective.prior.to(device())
    rows = np.arange(len(store)) if said is None else said["sample"]
    observe = Observer(config.crop_focal_length, config.visible_only)
    sight = observe(store, rows, crops_of(said, store, rows), shared_joints(store, body))
    people = pd.DataFrame({name: store[name][rows] for name in IDENTITY})
    with story.part("fit", f"{smplify.name} of {len(rows)} people of {store.name} {store.split}"):
        found = Refiner(smplify, body, config.at_once)(
            people, sight.seen, None if said is None else as_said(said, body)
        )
    _log.info("%s", found)
    _log.info("  predictions: %s", fitted_predictions(said, sight, found, body.name).write(target))


def _store(config: DictConfig, said: Predictions | None, story: Story) -> Store:
    """The data store that the predictions are about, or the protocol's."""
    sources = list(instantiate(config.data.sources, _convert_="all").values())
    with story.part("data", f"preparing {', '.join(source.name for source in sources)}"):
        for source in sources:
            if source.generate is not None:
                source.generate()
    if said is None:
        return named_store(sources, config.split, config.protocol.dataset)
    store = named_store(sources, said.split, said.dataset)
    said.check_rows(store)
    return store


if __name__ == "__main__":
    main()
