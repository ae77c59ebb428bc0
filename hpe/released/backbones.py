"""Names of the tensors of published backbones, and what every published network leaves out or may lack."""

from hpe.released.key_map import KeyMap

BODY = "the body model comes from the user's own file"
COUNTERS = KeyMap({}, may_lack={"*.num_batches_tracked": "counts batches of training"})

_TRUNK = KeyMap(
    {"backbone.": "backbone.trunk."},
    unused={
        "backbone.final_layer.*": "pose estimation's output layer, which no forward pass reads",
        "smpl.*": BODY,
    },
)
# Branch 0 is the finest: enlarged to its size are the others, reduced to that of branch 3 the others.
HRNET_ENLARGED = (
    KeyMap({f"backbone.upsample_stage_{number}.": f"backbone.fusion.branches.{number - 1}." for number in (2, 3, 4)})
    | _TRUNK
    | COUNTERS
)
HRNET_REDUCED = (
    KeyMap({f"backbone.downsample_stage_{number}.": f"backbone.fusion.branches.{number - 1}." for number in (1, 2, 3)})
    | _TRUNK
    | COUNTERS
)
RESNET = KeyMap({"backbone.": "backbone.model."}, unused={"smpl.*": BODY}) | COUNTERS
