"""Jobs that go wrong, in a module that worker processes load quickly."""

from __future__ import annotations

import os
import time


def work(job):
    """Do what the text of the job says, else say how it was."""
    from govie.integrations.web.jobs import Reply

    if job.sources[0].content == "sleep":
        time.sleep(60)
    if job.sources[0].content == "die":
        os._exit(1)
    return Reply(b"{}")
