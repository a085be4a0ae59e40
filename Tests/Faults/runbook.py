"""Follows the runbook that `linlian network init` wrote, command by command, as an operator would copy them."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable

from namespaces import command
from network import FOUNDER, MEMBERS, Network, set_line


class Runbook:
    """The commands of the runbook's sections, run on the parties' machines.

    Three things differ from a real machine: the party's folder is not at `/var/lib/linlian`, `systemctl` is the tests' own
    starting and stopping, and nobody is called `linlian`, so `sudo -u linlian` falls away.
    """

    def __init__(self, network: Network):
        self.network = network
        self.text = (network.folder / "runbook.md").read_text(encoding="utf-8")
        self.own, self.ask = self._short_cuts()

    def blocks(self, title: str) -> list[str]:
        """The code blocks of a section."""
        section = self.text.split(f"\n## {title}\n")[1].split("\n## ")[0]
        return [re.sub(r"^ {3}", "", block, flags=re.MULTILINE) for block in re.findall(r"```\n(.*?)```", section, re.DOTALL)]

    def _short_cuts(self) -> tuple[str, str]:
        own, ask = re.findall(r"```\n(.*?)```", self.text.split("\n## ")[0], re.DOTALL)
        assert "own()" in own and "ask()" in ask
        return own, ask

    def follow(self, title: str, party: str, block: int = 0, **values: str | Callable[[], str]) -> str:
        """Runs one block of a section for a party; `values` stand for the words in capitals. Gives what was printed."""
        said = []
        for line in self.blocks(title)[block].splitlines():
            words = re.sub(r"(^|\s)#.*", "", line).strip()
            for word, value in values.items():
                if re.search(rf"\b{word}\b", words):
                    words = re.sub(rf"\b{word}\b", value if isinstance(value, str) else value(), words)
            if words:
                said.append(self.run(words, party))
        return "".join(said)

    def run(self, words: str, party: str) -> str:
        if words.startswith("systemctl "):
            return self._systemctl(words.split()[1], party)
        machine = FOUNDER if words.startswith("ask ") else party
        endpoint = "127.0.0.1:23790"
        # The administrator's short cut changes the folder, so the other one comes in a shell of its own.
        prologue = self.ask if words.startswith("ask ") else self.own.replace("ENDPOINT", endpoint)
        home = str(self.network.folder / machine)
        words = re.sub(r"^linlian ", f"{self.network.binary} ", words)
        script = f"set -eu\n{prologue}\n{words}\n".replace("/var/lib/linlian", home).replace("sudo -u linlian ", "")
        for _ in range(40):
            done = subprocess.run(
                [*self.network.lan.within(machine), "sh", "-c", script], capture_output=True, text=True, timeout=60,
                check=False, env={**os.environ, "ETCDCTL_API": "3"},
            )
            # etcd wants to have been healthy for some seconds before its members change; an operator tries again.
            if done.returncode == 0 or "unhealthy cluster" not in done.stderr:
                break
            time.sleep(0.25)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    # ------------------------------------------------------------ etcd as a whole

    def set_etcd_up_anew(self) -> None:
        """A new etcd in the place of one that is gone with all its data, as "Quorum of etcd is lost" says in words."""
        for party in MEMBERS:
            configuration = self.network.etcd(party) / "etcd.conf.yml"
            token = re.search(r"^initial-cluster-token: (.*)$", configuration.read_text(), re.MULTILINE)
            assert token
            set_line(configuration, "initial-cluster-token", token[1] + "-2")
            set_line(configuration, "initial-cluster-state", "new")
        self.network.start_members()
        command(*self.network.lan.within(FOUNDER), "sh", self.network.folder / FOUNDER / "administration/roles.sh")

    def begin_the_order_anew(self) -> str:
        """The way out when etcd has lost what it had; gives what the nodes said."""
        return self.follow("Begin the order anew", FOUNDER)

    def _systemctl(self, verb: str, party: str) -> str:
        member = self.network.members[party]
        if verb == "stop":
            if member.is_running:
                member.kill()
        else:
            assert verb == "start"
            self.network.start_member(party)
        return ""

    def members(self) -> dict[str, str]:
        """Ids of etcd's members by name."""
        rows = [line.split(", ") for line in self.run("ask member list", FOUNDER).splitlines()]
        return {row[2]: row[0] for row in rows}

    def member(self, party: str) -> str:
        return self.members()[party]
