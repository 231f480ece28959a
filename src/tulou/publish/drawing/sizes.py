"""Sizes and gaps of charts and maps, in units of the drawing, in one place."""

TEXT = 14.0
"""Height of the usual text."""

SMALL, SMALLER = TEXT - 2, TEXT - 3
"""Height of texts at an axis, and of notes."""

ALMOST = 1e-9
"""Share by which a division may miss a whole number."""

ROW, BAR, BASELINE = 27.0, 18.0, 14.0
"""Stacked bars: a row, its bar, where its text stands below the row's top."""

NAMES_MOST, NAMES_GAP, NAMES_CUT, NAMES_END = 240.0, 14.0, 12.0, 10.0
"""Stacked bars: most room for names; free room beside them, when they are cut, and up to where they end."""

TOTALS, TOTALS_GAP, BARS_TOP, BARS_FOOT = 44.0, 8.0, 30.0, 4.0
"""Stacked bars: room for the totals and the gap before them; room above for the legend, and below."""

SEGMENT_GAP, SEGMENT_LEAST, SEGMENT_BASELINE = 1.0, 0.8, 13.5
"""Segments: what is left free between two, the least width, where the count stands."""

COUNT_MARGIN, SHORT_MARGIN = 6.0, 3.0
"""Segments: room a count needs beside it, with its sign and without."""

SIGN, SIGN_GAP, ENTRY_GAP = 12.0, 17.0, 18.0
"""Legend of a chart: its square, from there to the text, from the text to the next entry."""

PLOT_LEFT, PLOT_RIGHT, PLOT_TOP, PLOT_BOTTOM, PLOT_FOOT = 34.0, 14.0, 26.0, 138.0, 26.0
"""Histogram: margins, where the bars stand, room below for the axis."""

BIN_EDGE = 0.7
"""Histogram: what is left free on each side of a bar."""

GRID_LINES, GRID_STROKE, GRID_GAP, GRID_DROP = 3, 0.8, 6.0, 4.0
"""Histogram: about how many lines, their width, the gap and drop of their numbers."""

TICKS, TICK_DROP, TICK_EDGE = 6, 17.0, 30.0
"""Histogram: about how many numbers below, their drop, room kept at the right edge."""

MARK_STROKE, MARK_ABOVE, MARK_WORD_ABOVE, MARK_WORD_GAP = 1.3, 8.0, 10.0, 5.0
"""Pass mark: width of its line, how far it and its word rise above the bars, gap beside it."""

PEOPLE_TEXT, PEOPLE_ROW, PEOPLE_TOP, PEOPLE_FOOT = 150.0, 40.0, 4.0, 2.0
"""Bars of people: room for the words behind a bar, a row, room above and below."""

PEOPLE_NAME, PEOPLE_BAR, PEOPLE_WORDS, PEOPLE_GAP, PEOPLE_EDGE = 12.0, 19.0, 28.0, 8.0, 10.0
"""Bars of people: where name, bar and words stand in a row, gap before the words, room at the right edge."""

LINE, NOTE_LINE, SWATCH, SWATCH_RISE, SWATCH_GAP, SWATCH_NEXT, INDENT, LEGEND_FOOT = (
    20.0, 17.0, 13.0, 2.0, 6.0, 16.0, 2.0, 6.0,
)  # fmt: skip
"""Legend of a map: a line, a line of notes, a swatch, how far it stands below a line, gaps behind it and its text,
indent, room below."""

SCALE_SHARE, SCALE_LEFT, SCALE_PAD, SCALE_RISE, SCALE_DROP, SCALE_TEXT = 4, 13.0, 14.0, 20.0, 12.0, 5.0
"""Scale bar: at most this part of the width, where it begins, what its ground has more than it, how far ground, bar and
text lie above the edge."""

SCALE_STROKE = 1.4
"""Scale bar: width of its line."""

NORTH_INSET, NORTH_HALF, NORTH_TEXT = 20.0, 13.0, 43.0
"""North arrow: from the right edge, half its ground, where its letter stands."""

OUTLINE, FAIL_OUTLINE, SIGN_RISE = 0.8, 1.6, 5.0
"""Units: width of outlines, of those that fail; how far the tip of a sign stands above a unit's centre."""

DOT, SMALL_DOT, DOT_RIM = 5.0, 3.2, 1.6
"""Dots: size, size where there are many, the rim around both."""

MAIN_ROAD, MIDDLE_ROAD, MINOR_ROAD = 1.5, 0.9, 0.5
"""Roads: width by weight."""
