"""`python -m hpe.prepare data=NAME`: makes a data set ready for training and evaluation."""

from hydra.utils import instantiate
from omegaconf import DictConfig

from hpe.cli import door
from hpe.config import PrepareConfig, checked
from hpe.runs.story import Story


@door("prepare")
def main(config: DictConfig) -> None:
    """Make the stores of every source, from the official files or from a seed."""
    config, story = checked(config, PrepareConfig), Story()
    data = instantiate(config.data)
    for source in data.sources:
        with story.part(source.name, f"preparing {source.name} in {source.root}"):
            source.prepare(config.workers)


if __name__ == "__main__":
    main()
