"""One peer of ``flood.py``, in the Python that has it: ``python flood_peers.py NAME FOLDER STEPS LENGTH``.

Prints seconds for so many steps of the same ground and water; nothing when it is not installed.
"""

import sys
import time
from pathlib import Path

import numpy as np

CELL, ROUGHNESS = 5.0, 0.03
FIELDS = ("dire", "dirs", "qe", "qs", "hfe", "hfs", "bctype", "bcval", "qe_new", "qs_new", "accum", "ext", "hmax",
          "herr", "v", "vdir", "vmax", "fr")  # fmt: skip


def landlab(level, depth, steps, length):
    from landlab import RasterModelGrid
    from landlab.components import OverlandFlow

    grid = RasterModelGrid(level.shape, xy_spacing=CELL)
    grid.add_field("topographic__elevation", level.ravel().copy(), at="node")
    grid.add_field("surface_water__depth", depth.ravel().copy(), at="node")
    grid.set_closed_boundaries_at_grid_edges(*[True] * 4)
    flow = OverlandFlow(grid, mannings_n=ROUGHNESS, steep_slopes=False, rainfall_intensity=1e-5)
    flow.run_one_step(dt=length)
    start = time.perf_counter()
    for _ in range(steps):
        flow.run_one_step(dt=length)
    return time.perf_counter() - start


def itzi(level, depth, steps, length):
    from itzi import flow

    rows, columns = level.shape
    zeros = {name: np.zeros((rows + 2, columns + 2), np.float32) for name in FIELDS}
    z = np.pad(level, 1, mode="edge").astype(np.float32)
    h = np.pad(depth, 1).astype(np.float32)
    n = np.full(z.shape, ROUGHNESS, np.float32)
    zeros["ext"][:] = 1e-5

    def step():
        a = zeros
        flow.solve_q(
            arr_dire=a["dire"], arr_dirs=a["dirs"], arr_z=z, arr_n=n, arr_h=h, arr_qe=a["qe"], arr_qs=a["qs"],
            arr_hfe=a["hfe"], arr_hfs=a["hfs"], arr_bctype=a["bctype"], arr_bcvalue=a["bcval"],
            arr_qe_new=a["qe_new"], arr_qs_new=a["qs_new"], arr_bcaccum=a["accum"], dt=length, dx=CELL, dy=CELL,
            g=9.81, theta=0.8, hf_min=1e-5, v_rout=0.1, sl_thres=0.1,
        )  # fmt: skip
        flow.solve_h(
            arr_ext=a["ext"], arr_qe=a["qe_new"], arr_qs=a["qs_new"], arr_bct=a["bctype"], arr_bcv=a["bcval"],
            arr_h=h, arr_hmax=a["hmax"], arr_hfix=a["accum"], arr_herr=a["herr"], arr_hfe=a["hfe"], arr_hfs=a["hfs"],
            arr_v=a["v"], arr_vdir=a["vdir"], arr_vmax=a["vmax"], arr_fr=a["fr"], dx=CELL, dy=CELL, dt=length, g=9.81,
        )  # fmt: skip
        a["qe"], a["qe_new"] = a["qe_new"], a["qe"]
        a["qs"], a["qs_new"] = a["qs_new"], a["qs"]
        return float(np.amax(h))

    step()
    start = time.perf_counter()
    for _ in range(steps):
        step()
    return time.perf_counter() - start


def main():
    name, folder, steps, length = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    level, depth = np.load(folder / "level.npy"), np.load(folder / "depth.npy")
    try:
        print({"landlab": landlab, "itzi": itzi}[name](level, depth, steps, length))
    except ImportError:
        return


if __name__ == "__main__":
    main()
