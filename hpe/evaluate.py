"""`python -m hpe.evaluate checkpoint=FILE data=NAME`: the metrics of a trained model on one split."""

from pathlib import Path

import lightning
from hydra.utils import instantiate
from omegaconf import DictConfig

from hpe.assembly import build_data, build_networks, build_system
from hpe.cli import door
from hpe.config import EvaluateConfig, checked
from hpe.runs.checkpoints import Checkpoint
from hpe.runs.folders import check_free
from hpe.runs.quiet import silence_libraries
from hpe.runs.reporting import report
from hpe.runs.story import Story


@door("evaluate")
def main(config: DictConfig) -> float:
    """Evaluate a checkpoint beside the mean person of its training set. Returns MPJPE in mm."""
    checkpoint = Checkpoint.read(Path(config.checkpoint))
    config, story = checked(checkpoint.parts(config), EvaluateConfig), Story()
    check_free(Path(config.paths.run), resume=False)
    silence_libraries()
    lightning.seed_everything(config.seed, verbose=False)
    networks = build_networks(config)
    data = build_data(config, networks[0])
    system = build_system(config, networks, instantiate(config.body))
    checkpoint.load_into(system)
    with story.part("data", f"preparing {', '.join(source.name for source in data.sources)}"):
        data.prepare_data()
    loader = data.evaluation_loader(config.split)
    return report(config, system, checkpoint.person, loader, config.split, story, checkpoint.path, []).metrics["mpjpe"]


if __name__ == "__main__":
    main()
