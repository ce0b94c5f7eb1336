"""Fits the numbers that `judging.calibration` ships, on labelled pairs. Takes no part in a scan.

pairs    files of labelled pairs        labelled    labelled files of pairs        fit    the numbers
"""
