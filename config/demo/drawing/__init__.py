"""Draws the demo shop's garments as flat fashion illustrations, from data alone."""

from config.demo.drawing.drawing import Drawing
from config.demo.drawing.render import draw_garment
from config.demo.drawing.samples import random_drawing
from config.demo.drawing.vocabulary import SHAPES

__all__ = ["SHAPES", "Drawing", "draw_garment", "random_drawing"]
