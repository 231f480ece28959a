"""Small SWMM models whose answer is known without SWMM."""

from tulou.processes.drainage.sections import Model

OPTIONS = """[OPTIONS]
FLOW_UNITS CMS
INFILTRATION HORTON
FLOW_ROUTING DYNWAVE
LINK_OFFSETS DEPTH
START_DATE 01/01/2026
END_DATE 01/01/2026
END_TIME {hours}:00:00
REPORT_STEP 00:01:00
WET_STEP 00:00:10
DRY_STEP 00:00:10
ROUTING_STEP 1
"""
PIPES = """[JUNCTIONS]
{junctions}
[OUTFALLS]
OUT 0 NORMAL
[CONDUITS]
{conduits}
[XSECTIONS]
{sections}
[INFLOWS]
J0 FLOW "" FLOW 1 1 {flow}
"""
PLOT = """[RAINGAGES]
G INTENSITY 1:00 1 TIMESERIES R
[TIMESERIES]
R 0:00 60
R 1:00 60
R 2:00 0
[SUBCATCHMENTS]
S G OUT 1 100 100 1 0
[SUBAREAS]
S 0.015 0.1 0 0 0 OUTLET
[INFILTRATION]
S 3 0.5 4 7 0
[JUNCTIONS]
J0 1 1
[OUTFALLS]
OUT 0 FREE
[CONDUITS]
C0 J0 OUT 100 0.013 0 0
[XSECTIONS]
C0 CIRCULAR 0.5 0 0 0 1
"""


def made(text):
    return Model("made.inp", tuple(text.splitlines()))


def long_pipe(flow, reaches=10, length=100.0, slope=0.01):
    """A pipe of several reaches, 1 m wide, that a steady flow enters."""
    names = [*(f"J{at}" for at in range(reaches)), "OUT"]
    junctions = [f"J{at} {(reaches - at) * length * slope:g} 5" for at in range(reaches)]
    conduits = [f"C{at} {names[at]} {names[at + 1]} {length:g} 0.013 0 0" for at in range(reaches)]
    sections = [f"C{at} CIRCULAR 1 0 0 0 1" for at in range(reaches)]
    parts = {"junctions": junctions, "conduits": conduits, "sections": sections}
    text = PIPES.format(flow=flow, **{name: "\n".join(lines) for name, lines in parts.items()})
    return made(OPTIONS.format(hours=3) + text)


def plot():
    """A hectare of asphalt under 60 mm an hour."""
    return made(OPTIONS.format(hours=1) + PLOT)
