"""``tulou datum``: which datum a layer is on."""

from __future__ import annotations

from pathlib import Path

import click

from tulou.app.screen import language, say, table
from tulou.kernel.words import Words

MEANS = {
    "wgs84": Words("与参照一致，无需修复", "agrees with the reference as it is"),
    "gcj02": Words("GCJ-02（火星坐标），导入时用 --datum gcj02", "on GCJ-02: import it with --datum gcj02"),
    "bd09": Words("BD-09（百度坐标），导入时用 --datum bd09", "on BD-09: import it with --datum bd09"),
    "to_gcj02": Words(
        "参照图层在 GCJ-02 上，或本图层修复过度", "the reference is on GCJ-02, or this was repaired twice"
    ),
    "to_bd09": Words("参照图层在 BD-09 上，或本图层修复过度", "the reference is on BD-09, or this was repaired twice"),
}


@click.command()
@click.argument("layer", type=click.Path(path_type=Path))
@click.option("--against", type=click.Path(path_type=Path), required=True, help="Layer that is known to be right.")
@click.option("--layer", "layer_name", default="", help="Layer of the file, where it holds several.")
@click.option("--against-layer", "against_name", default="", help="Layer of the reference, where it holds several.")
@click.option("--datum", "known", default="", help="Datum of the reference; what it says by default.")
def datum(layer: Path, *, against: Path, layer_name: str, against_name: str, known: str) -> None:
    """Find the datum of LAYER by laying it over another: median distance under each hypothesis. Nothing is changed."""
    from tulou.app.aligning import align

    found = align(layer, against, names=(layer_name, against_name), datum=known)
    spoken = language()
    heads = [words.say(spoken) for words in (Words("若为", "If it is"), Words("中位距离", "Median distance"))]
    ranked = sorted(found.distances.items(), key=lambda item: item[1])
    say(table(heads, [[MEANS[name].say(spoken), f"{metres:,.0f} m"] for name, metres in ranked]))
    say(Words(f"比较了 {found.places:,} 处", f"{found.places:,} places compared"))
    if found.best is None:
        say(Words("两个图层不足以判断", "The layers cannot tell"))
    else:
        said = MEANS[found.best]
        say(Words(f"判断：{said.zh}", f"Verdict: {said.en}"))
