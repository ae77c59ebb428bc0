"""What the tests of golden metrics share: the loaded vectors' pairs, and comparison in the README's tolerances."""

import torch

from hpe.joints import joint_map
from hpe.metrics.pose import centre

MILLIMETRES = 1000.0
TOLERANCE = {torch.float64: 1e-6, torch.float32: 2e-3}
J14, J17 = list(joint_map("h36m_17", "j14")), list(joint_map("h36m_17", "j17"))
MIDHIP_J14 = [2, 3]


def pair(vectors, name, dtype=torch.float64):
    return vectors[f"in/{name}_pred"].to(dtype), vectors[f"in/{name}_gt"].to(dtype)


def j14_around(roots, points):
    """The 14 evaluation joints around joints of the 17 (Human3.6M's pelvis) or, by name, the middle of the hips."""
    j14 = points[:, J14]
    return centre(j14, MIDHIP_J14) if roots == "midhip" else j14 - points[:, :1]


def regressed(vectors, joints, mesh):
    return vectors[f"in/jreg{joints}"].to(mesh.dtype) @ mesh


def by_joint(metric, prediction, target, **options):
    """The metric of each joint, as a pose of one joint."""
    return metric(prediction[..., None, :], target[..., None, :], **options)


def close(found, expected, atol=1e-6, rtol=0.0):
    torch.testing.assert_close(
        torch.as_tensor(found, dtype=torch.float64), expected, atol=atol, rtol=rtol, equal_nan=True
    )


def millimetres(metres, expected, dtype=torch.float64, atol=None):
    close(metres.double() * MILLIMETRES, expected, atol or TOLERANCE[dtype])


def unlabelled_sequences(vectors):
    """Every third person of the first MuPoTS sequence, of whom two sequences lack labels, in mm."""
    prediction, target = (vectors[f"in/mupots_{name}"][0].flatten(0, 1) for name in ("pred3_all", "annot3"))
    for start in range(3):
        true = target[start::3].clone()
        if start == 1:
            true[1, 3] = torch.nan
        if start == 2:
            true[:, 7] = torch.nan
        yield prediction[start::3], true


def percent(means):
    return torch.tensor([100 * group.value for group in means.values()]).double()
