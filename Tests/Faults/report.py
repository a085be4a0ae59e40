"""The table of `docs/faults.md`: printed at the end of a run, and written where LINLIAN_FAULTS_REPORT says."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from faults import Row

HEAD = """\
# Faults, and what becomes of the ledger

Real processes: three etcd members and five nodes, each party on a machine of its own (network namespaces), with the
certificates, configurations and users that `linlian network init` writes; block finality needs one of {{subdistrict,
residents' committee}} and two of {{owners' committee, property manager, regulator}}. Steady load of about 40 transactions a
second through the four ordering nodes. Made by `make faults`; the tests are `Tests/Faults`. Machine: {machine}.

After every fault the tests check, without any code of the product: every transaction that was answered as final has a
receipt that holds offline; all that was taken and not yet final becomes final by itself; all five nodes have the same log
root and the same state root at every height; no transaction stands on the ledger twice; no block's time is more than a minute
ahead. What a malicious party did must be counted at every other node, by kind and party, at `/api/v1/health`, in `/metrics` and on
the page `/supervision`; evidence against a party that signed two histories is downloaded there and explained by
`linlian verify`. At the end `linlian verify` and a checker that shares no code with it read the whole ledger, and every cosignature
that was ever written is compared with the log: nobody signed a second history but the party that was made to.

- **lasted**: seconds from the fault until all was put right (plug back in, process started again, space freed); 0 where nothing has
  to be put right.
- **any node**: seconds from the fault until something handed in after it was answered as final, by whichever node. Longer than
  the fault lasted: meanwhile nothing could become final anywhere.
- **all nodes**: seconds from the end of the fault until it was final at all five nodes. 0 is: they all had it before.
- **waited**: answered "ordered" or "recorded here, waiting for the others", and final later by itself. **again**: not
  answered at all (the node was dead) or refused for the time being; handed in again afterwards.
- **longest**: the longest time that anybody waited for an answer, in seconds.

| fault | lasted | any node | all nodes | final at once | waited | again | longest | what a person sees |
|---|---:|---:|---:|---:|---:|---:|---:|---|
"""


def machine() -> str:
    model = next(
        (line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    return f"{os.cpu_count()} cores of {model}, everything on it, the load too"


def seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def table(rows: list[Row]) -> str:
    return "".join(
        f"| {row.name} | {seconds(row.lasted)} | {seconds(row.any_node)} | {seconds(row.all_nodes)} | {row.final} | {row.waited} | {row.again} "
        f"| {seconds(row.longest)} | {row.person} |\n"
        for row in rows
    )


def write_report(rows: list[Row]) -> None:
    text = HEAD.format(machine=machine()) + table(rows)
    print(table(rows))
    if path := os.environ.get("LINLIAN_FAULTS_REPORT"):
        Path(path).write_text(text, encoding="utf-8")
