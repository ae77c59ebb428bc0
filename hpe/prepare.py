"""`python -m hpe.prepare data=NAME`: makes a data set ready for training and evaluation."""

from hydra.utils import instantiate
from omegaconf import DictConfig

from hpe.cli import door
from hpe.config import PrepareConfig, checked
from hpe.errors import UserError
from hpe.runs.story import Story


@door("prepare")
def main(config: DictConfig) -> None:
    """Make every source of the data set that can be made on the spot."""
    config, story = checked(config, PrepareConfig), Story()
    data = instantiate(config.data)
    for source in data.sources:
        if source.generate is None:
            steps = f"; {source.obtain}" if source.obtain else ""
            raise UserError(f"data set {source.name} has no reader yet: write its stores into {source.root}{steps}")
        with story.part(source.name, f"preparing {source.name} in {source.root}"):
            source.generate()


if __name__ == "__main__":
    main()
