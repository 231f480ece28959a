"""What happens when the package is built: the pages for people and the documentation are built into it.

A wheel without them is none; an installation in place goes on without and says so, since everything else works.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))
import docs
import web

IN_PLACE = "editable"


class WebHook(BuildHookInterface[Any]):
    """Builds the pages and the documentation before files are gathered."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what does not stand there already."""
        if self.target_name == "wheel" and not web.is_built():
            try:
                web.build()
            except (OSError, subprocess.CalledProcessError) as error:
                if version != IN_PLACE:
                    raise
                self.app.display_warning(f"the pages were not built ({error}); later: python tools/web.py")
        if self.target_name == "wheel" and not docs.is_built():
            try:
                docs.build()
            except docs.Faulty as error:
                if version != IN_PLACE:
                    raise
                self.app.display_warning(f"the documentation was not built ({error}); later: python tools/docs.py")
        build_data["artifacts"] += ["src/tulou/app/web/**", "src/tulou/app/docs_site/**"]
