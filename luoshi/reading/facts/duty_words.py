"""The words of responsibility (牵头, 配合, 责任单位 …), loaded once from ``words/duty.txt``."""

from luoshi.reading.words import load

WORDS = load("duty")
