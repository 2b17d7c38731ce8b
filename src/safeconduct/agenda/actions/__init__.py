"""What rooms above write here: the projection of their clocks. Members' own acts stand in modules of their own."""

from .projection import move_to as move_to
from .projection import replace as replace
