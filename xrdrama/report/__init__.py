"""What happened in a take, told on one page that needs nothing else. Pure: values in, HTML out."""

from xrdrama.report.page import page
from xrdrama.report.told import Heard, Still, Told

__all__ = ["Heard", "Still", "Told", "page"]
