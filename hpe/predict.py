"""`python -m hpe.predict source=PHOTO`: a body for each photograph, as overlay, mesh and numbers."""

import logging
from pathlib import Path

import numpy as np
from hydra.utils import instantiate
from omegaconf import DictConfig

from hpe.assembly import build_networks, build_system
from hpe.cli import door
from hpe.config import checked
from hpe.runs.checkpoints import Checkpoint
from hpe.runs.evaluation import device
from hpe.runs.folders import newest_checkpoint
from hpe.runs.inference import ready
from hpe.runs.photographs import predict, read_photograph, sources, write_person
from hpe.schemas import PredictConfig

_log = logging.getLogger("hpe.predict")  # not __name__, which is __main__ here


@door("predict")
def main(config: DictConfig) -> None:
    """Predict the person in the box of every photograph; overlays, meshes and numbers go to the run folder."""
    photographs = sources(Path(config.source))
    path = Path(config.checkpoint) if config.checkpoint else newest_checkpoint(Path(config.paths.outputs))
    _log.info("predicting with %s", path)
    checkpoint = Checkpoint.read(path)
    config = checked(checkpoint.parts(config), PredictConfig)
    system = build_system(config, build_networks(config), instantiate(config.body))
    checkpoint.load_into(system)
    ready(system.to(device()))
    for photograph in photographs:
        picture = read_photograph(photograph)
        box = np.array(config.box or (0, 0, *picture.shape[1::-1]), float)
        person = predict(system, picture, box, config.crop_margin)
        overlay = write_person(Path(config.paths.run), photograph.stem, picture, person)
        _log.info("%s: %s, beside it the mesh (.obj) and all numbers (.npz)", photograph, overlay)


if __name__ == "__main__":
    main()
