"""Names of published backbones' tensors in our modules. The first prefix that fits is replaced; None drops a tensor."""

Prefixes = tuple[tuple[str, str | None], ...]

HRNET: Prefixes = (
    ("backbone.final_layer.", None),  # pose estimation's output layer, never used
    *((f"backbone.upsample_stage_{number}.", f"backbone.fusion.branches.{number - 1}.") for number in (2, 3, 4)),
    *((f"backbone.downsample_stage_{number}.", f"backbone.fusion.branches.{number - 1}.") for number in (1, 2, 3)),
    ("backbone.", "backbone.trunk."),
)
RESNET: Prefixes = (("backbone.", "backbone.model."),)
