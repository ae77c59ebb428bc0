"""`python -m hpe.prepare data=NAME`: makes a data set ready for training and evaluation; `check=true` examines it."""

from collections.abc import Mapping
from pathlib import Path

from hydra.utils import instantiate
from omegaconf import DictConfig

from hpe.bodies.body import Body
from hpe.cli import door, same_again
from hpe.config import checked
from hpe.datasets.sources import Source
from hpe.errors import UserError
from hpe.runs.at_hand import smpl_bodies
from hpe.runs.checking import check_data, store_paths
from hpe.runs.story import Story
from hpe.schemas import PrepareConfig


@door("prepare", same_again)
def main(config: DictConfig) -> None:
    """Make the stores of every source, from the official files or from a seed, and examine them if asked to."""
    config, story = checked(config, PrepareConfig), Story()
    sources = instantiate(config.data).sources
    if not sources:
        raise UserError("data=base has no data set: name one, such as data=3dpw; --help lists them")
    for source in sources:
        # Stores that are there are examined even where the official files are no longer.
        if not (config.check and all(path.is_file() for path in store_paths(source).values())):
            with story.part(source.name, f"preparing {source.name} in {source.root}"):
                source.prepare(config.workers)
        if config.pack:
            with story.part("pack", f"packing the pictures of {source.name}"):
                source.pack()
        if config.check:
            with story.part("check", f"checking {source.name} in {source.root}"):
                check_data(source, _bodies(config, source), config.workers, config.seed)


def _bodies(config: DictConfig, source: Source) -> Mapping[str, Body]:
    """The bodies that the labels of a data set are of: the free one where it is generated, else SMPL if at hand."""
    return {"neutral": instantiate(config.body)} if source.generate else smpl_bodies(Path(config.paths.smpl))


if __name__ == "__main__":
    main()
