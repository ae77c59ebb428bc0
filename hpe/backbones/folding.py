"""Batch norms folded into the convolutions before them, for networks that learn no more."""

import logging
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from torch import fx, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

_log = logging.getLogger(__name__)

Pair = tuple[str, str]
CONTAINERS = {nn.Sequential, nn.ModuleList, nn.ModuleDict}


def fold_batch_norms(network: nn.Module) -> int:
    """Fold in place, in evaluation mode: the same function, but for rounding, with fewer passes over each map.

    A batch norm is folded where the output of a convolution goes nowhere else: so they follow each other in a
    Sequential, or torch.fx finds so in the forward pass of a library's network. Returns how many were.
    """
    network.eval()
    pairs = {norm: conv for conv, norm in (*_in_sequentials(network), *_in_libraries(network))}
    for norm, conv in pairs.items():
        modules: Any = network.get_submodule(conv), network.get_submodule(norm)
        network.set_submodule(conv, fuse_conv_bn_eval(*modules))
        network.set_submodule(norm, nn.Identity())
    return len(pairs)


def _fit(first: nn.Module, second: nn.Module) -> bool:
    # Not subclasses of batch norm: timm has some with an activation inside.
    return isinstance(first, nn.Conv2d) and type(second) is nn.BatchNorm2d and second.track_running_stats


def _in_sequentials(network: nn.Module) -> Iterator[Pair]:
    for name, module in network.named_modules():
        if isinstance(module, nn.Sequential):
            for (conv, first), (norm, second) in pairwise(module.named_children()):
                if _fit(first, second):
                    yield _joined(name, conv), _joined(name, norm)


def _in_libraries(network: nn.Module, name: str = "") -> Iterator[Pair]:
    """Pairs in the largest parts whose class is a library's: their forward passes look at nothing but tensors."""
    for child, module in network.named_children():
        path = _joined(name, child)
        if type(module) in CONTAINERS or type(module).__module__.startswith("hpe."):
            yield from _in_libraries(module, path)
        elif any(type(part) is nn.BatchNorm2d for part in list(module.modules())[1:]):
            yield from ((_joined(path, conv), _joined(path, norm)) for conv, norm in _traced(module, path))


def _traced(module: nn.Module, path: str) -> Iterator[Pair]:
    try:
        graph = fx.Tracer().trace(module)
    except (fx.proxy.TraceError, TypeError, RuntimeError, AttributeError) as error:
        _log.warning("%s: batch norms are left as they are (%s)", path, str(error).partition("\n")[0])
        return
    calls = Counter(node.target for node in graph.nodes if node.op == "call_module")
    for node in graph.nodes:
        before = node.args[0] if node.op == "call_module" and node.args else None
        if isinstance(before, fx.Node) and before.op == "call_module" and len(before.users) == 1:
            pair = str(before.target), str(node.target)
            if calls[before.target] == calls[node.target] == 1 and _fit(*map(module.get_submodule, pair)):
                yield pair


def _joined(*names: str) -> str:
    return ".".join(name for name in names if name)
