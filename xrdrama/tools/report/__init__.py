"""What happened in a take, told on one page that needs nothing else. Pure: values in, HTML out."""

from xrdrama.tools.report.page import page
from xrdrama.tools.report.told import Heard, Still, Told

__all__ = ["Heard", "Still", "Told", "page"]
