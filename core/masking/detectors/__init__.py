"""Detectors of personal data and secrets in free text: a second net, linear in the text, never the mask itself."""

from core.masking.detectors.contacts import SUPPORTED_REGIONS
from core.masking.detectors.search import EFFORT, REGIONS, Hit, Search
from core.masking.detectors.table import DETECTORS, Detector, found, owner
from core.masking.detectors.text import original, plain

__all__ = [
    "DETECTORS",
    "EFFORT",
    "REGIONS",
    "SUPPORTED_REGIONS",
    "Detector",
    "Hit",
    "Search",
    "found",
    "original",
    "owner",
    "plain",
]
